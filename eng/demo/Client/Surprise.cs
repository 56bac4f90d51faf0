namespace ExamPlatform.Demo;

/// <summary>The platform did something else than it should.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Naming", "CA1710", Justification = "It reads as what it is.")]
public sealed class Surprise(string message) : Exception(message)
{
    public static void Unless(bool asExpected, string what)
    {
        if (!asExpected) throw new Surprise(what);
    }
}
