using Aspire.Hosting.ApplicationModel;

namespace ExamPlatform.AspireLocal;

internal sealed class JoinedValues(IReadOnlyList<IExpressionValue> values, string separator) : IExpressionValue
{
    public string ValueExpression => string.Join(separator, values.Select(v => v.ValueExpression));

    public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default)
    {
        var texts = new List<string?>(values.Count);
        foreach (var value in values) texts.Add(await value.GetValueAsync(cancellationToken));
        return string.Join(separator, texts);
    }
}
