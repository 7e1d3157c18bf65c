using System.Collections.Immutable;
using System.Text.Json;

namespace Subbyte.Networks;

/// <summary>
/// A <c>models.json</c> beside models: a list <c>models</c> whose entries have <c>file</c> and
/// <c>preprocessing { order, scale, mean, std }</c> with the meaning of <see cref="Preprocessing"/>.
/// </summary>
internal static class ModelsJson
{
    /// <summary>The name of such a file.</summary>
    public const string FileName = "models.json";

    /// <summary>A list of a million bytes describes thousands of models; anything longer is something else.</summary>
    private const long LargestFile = 1 << 20;

    /// <summary>Finds a model's preprocessing in the <see cref="FileName"/> beside it.</summary>
    /// <param name="modelPath">The model's file.</param>
    /// <returns>The rule, or <see langword="null"/> when there is no such file or it does not name the model.</returns>
    /// <exception cref="UserErrorException">The file cannot be read or is malformed.</exception>
    public static Preprocessing? FindBeside(string modelPath)
    {
        var path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(modelPath)) ?? ".", FileName);
        return File.Exists(path) ? Find(path, Path.GetFileName(modelPath)) : null;
    }

    /// <summary>Finds a model's preprocessing by its file name.</summary>
    /// <param name="path">The list.</param>
    /// <param name="modelFileName">The model's file name without a folder.</param>
    /// <returns>The rule, or <see langword="null"/> when the list does not name the model.</returns>
    /// <exception cref="UserErrorException">The list cannot be read or is malformed.</exception>
    public static Preprocessing? Find(string path, string modelFileName)
    {
        try
        {
            if (new FileInfo(path).Length > LargestFile) throw Invalid(path, $"it is longer than {LargestFile} bytes");
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            foreach (var model in Member(path, document.RootElement, "models", JsonValueKind.Array).EnumerateArray())
            {
                if (Member(path, model, "file", JsonValueKind.String).GetString() == modelFileName)
                    return Read(path, Member(path, model, "preprocessing", JsonValueKind.Object));
            }

            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            throw Invalid(path, exception.Message, exception);
        }
    }

    private static Preprocessing Read(string path, JsonElement rule)
    {
        try
        {
            return new Preprocessing(
                Preprocessing.ParseOrder(Member(path, rule, "order", JsonValueKind.String).GetString()!),
                Member(path, rule, "scale", JsonValueKind.Number).GetSingle(),
                Numbers(path, rule, "mean"),
                Numbers(path, rule, "std"));
        }
        catch (Exception exception) when (exception is UserErrorException or FormatException)
        {
            throw Invalid(path, exception.Message, exception);
        }
    }

    private static ImmutableArray<float> Numbers(string path, JsonElement parent, string name) =>
        [.. Member(path, parent, name, JsonValueKind.Array).EnumerateArray().Select(element => element.GetSingle())];

    private static JsonElement Member(string path, JsonElement parent, string name, JsonValueKind kind)
    {
        if (parent.ValueKind != JsonValueKind.Object || !parent.TryGetProperty(name, out var member))
            throw Invalid(path, $"'{name}' is missing");
        return member.ValueKind == kind ? member : throw Invalid(path, $"'{name}' is {member.ValueKind}, expected {kind}");
    }

    private static UserErrorException Invalid(string path, string why, Exception? inner = null)
    {
        var message = $"{path}: not a usable {FileName}: {why}";
        return inner is null ? new UserErrorException(message) : new UserErrorException(message, inner);
    }
}
