using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ExamPlatform;

/// <summary>The serializer keeps nulls out of properties that take none, but not out of their lists and dictionaries: this does.</summary>
internal static class NullElements
{
    public static void Refuse(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object) return;
        var watched = type.Properties.Where(p => p.Get is not null && !MayBeIn(p)).ToList();
        if (watched.Count == 0) return;
        var already = type.OnDeserialized;
        type.OnDeserialized = value =>
        {
            already?.Invoke(value);
            if (watched.Find(p => Holds(p.Get!(value))) is { } wrong) throw new JsonException($"'{wrong.Name}' holds null.");
        };
    }

    /// <summary>Whether null is allowed among the elements; true also of what is no collection.</summary>
    public static bool MayBeIn(JsonPropertyInfo property)
    {
        if (property.PropertyType == typeof(string) || !property.PropertyType.IsAssignableTo(typeof(IEnumerable)) || property.AttributeProvider is not PropertyInfo declared) return true;
        var collection = new NullabilityInfoContext().Create(declared);
        var element = collection.ElementType ?? collection.GenericTypeArguments.LastOrDefault();
        return element is null || element.Type.IsValueType || element.ReadState != NullabilityState.NotNull;
    }

    private static bool Holds(object? collection) => (collection is IDictionary entries ? entries.Values : collection as IEnumerable)?.Cast<object?>().Contains(null) == true;
}
