using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Subbyte.Experiments;

/// <summary>How documents are written as JSON: indented, names in camel case, enumerations by name, line feeds alone.</summary>
public static class DocumentJson
{
    private static readonly JsonSerializerOptions Complete = Create(JsonIgnoreCondition.Never);

    private static readonly JsonSerializerOptions WithoutNulls = Create(JsonIgnoreCondition.WhenWritingNull);

    /// <summary>Writes a document.</summary>
    /// <typeparam name="T">Type of the document.</typeparam>
    /// <param name="document">The document.</param>
    /// <param name="omitNulls">Whether properties without a value are left out.</param>
    /// <returns>Indented JSON with a final line feed.</returns>
    public static string Write<T>(T document, bool omitNulls = false) => JsonSerializer.Serialize(document, omitNulls ? WithoutNulls : Complete) + "\n";

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <typeparam name="T">Type of the document.</typeparam>
    /// <param name="json">The JSON.</param>
    /// <returns>The document.</returns>
    /// <exception cref="JsonException">The text is not such a document.</exception>
    public static T? Read<T>(string json) => JsonSerializer.Deserialize<T>(json, Complete);

    private static JsonSerializerOptions Create(JsonIgnoreCondition nulls) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        NewLine = "\n",
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        DefaultIgnoreCondition = nulls,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
