using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Subbyte.Data;

/// <summary>
/// A small YAML file: one mapping of names to scalars or lists of scalars. Anything deeper, anchors and tags are refused, so that a hostile
/// file can neither nest nor multiply. Errors name the file and the line.
/// </summary>
public sealed class YamlMapping
{
    private const long LongestFile = 1 << 16;

    private readonly Dictionary<string, (int Line, string? Scalar, IReadOnlyList<string>? Items)> _entries = new(StringComparer.Ordinal);

    private YamlMapping(string source) => Source = source;

    /// <summary>The file, as errors name it.</summary>
    public string Source { get; }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file, UTF-8, at most 64 KiB.</param>
    /// <returns>The mapping.</returns>
    /// <exception cref="UserErrorException">The file cannot be read or is not such a mapping.</exception>
    public static YamlMapping Read(string path)
    {
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > LongestFile })
                throw new UserErrorException($"{path}: is longer than {LongestFile} bytes; a description is a few lines");
            return Parse(File.ReadAllText(path), path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            var why = exception is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : exception.Message;
            throw new UserErrorException($"{path}: {why}", exception);
        }
    }

    /// <summary>Reads a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="source">Its name in errors.</param>
    /// <returns>The mapping.</returns>
    /// <exception cref="UserErrorException">The text is not such a mapping.</exception>
    public static YamlMapping Parse(string text, string source)
    {
        var mapping = new YamlMapping(source);
        try
        {
            mapping.Fill(new Parser(new StringReader(text)));
            return mapping;
        }
        catch (YamlException exception)
        {
            throw new UserErrorException($"{source}:{exception.Start.Line}: not YAML: {exception.Message}", exception);
        }
        catch (InvalidOperationException exception)
        {
            // The scanner's answer to some unbalanced brackets.
            throw new UserErrorException($"{source}: not YAML: {exception.Message}", exception);
        }
    }

    /// <summary>Ensures that every name is known, so that a misspelt one is not overlooked.</summary>
    /// <param name="known">The known names.</param>
    /// <exception cref="UserErrorException">One is not.</exception>
    public void ExpectOnly(params string[] known)
    {
        foreach (var key in _entries.Keys)
            if (!known.Contains(key, StringComparer.Ordinal)) throw Error(key, $"is unknown; known are {string.Join(", ", known)}");
    }

    /// <summary>A scalar that must be there.</summary>
    /// <param name="key">Its name.</param>
    /// <returns>Its text, not empty.</returns>
    /// <exception cref="UserErrorException">It is absent or a list.</exception>
    public string Text(string key) => TextOrNull(key) ?? throw Error(key, "is missing");

    /// <summary>A scalar that may be absent.</summary>
    /// <param name="key">Its name.</param>
    /// <returns>Its text, or <see langword="null"/> when it is absent or empty.</returns>
    /// <exception cref="UserErrorException">It is a list.</exception>
    public string? TextOrNull(string key)
    {
        if (!_entries.TryGetValue(key, out var entry)) return null;
        if (entry.Items is not null) throw Error(key, "is a list where one value is expected");
        return string.IsNullOrEmpty(entry.Scalar) ? null : entry.Scalar;
    }

    /// <summary>One of several words.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="choices">The words; the first is the value when it is absent.</param>
    /// <returns>The word.</returns>
    /// <exception cref="UserErrorException">It is another word.</exception>
    public string Choice(string key, params string[] choices)
    {
        var text = TextOrNull(key) ?? choices[0];
        return choices.Contains(text, StringComparer.Ordinal) ? text : throw Error(key, $"is '{text}', it must be one of {string.Join(", ", choices)}");
    }

    /// <summary>A finite number.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="absent">Its value when it is absent.</param>
    /// <returns>The number.</returns>
    /// <exception cref="UserErrorException">It is not one.</exception>
    public float Number(string key, float absent)
    {
        if (TextOrNull(key) is not { } text) return absent;
        return float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && float.IsFinite(number)
            ? number
            : throw Error(key, $"is '{text}', it must be a finite number");
    }

    /// <summary>A list of texts, or one of them.</summary>
    /// <param name="key">Its name.</param>
    /// <returns>The texts; none when it is absent.</returns>
    public IReadOnlyList<string> Texts(string key) => _entries.TryGetValue(key, out var entry) ? entry.Items ?? [entry.Scalar!] : [];

    /// <summary>A list of positive whole numbers, or one of them.</summary>
    /// <param name="key">Its name.</param>
    /// <returns>The numbers; none when it is absent.</returns>
    /// <exception cref="UserErrorException">It is not one.</exception>
    public IReadOnlyList<int> PositiveIntegers(string key) =>
        [.. Texts(key).Select(text =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
                ? number
                : throw Error(key, $"holds '{text}', it must hold whole numbers from 1 on"))];

    /// <summary>An error of this file.</summary>
    /// <param name="key">The name that is wrong.</param>
    /// <param name="why">What is wrong with it.</param>
    /// <returns>The error, to be thrown.</returns>
    public UserErrorException Error(string key, string why) =>
        new(_entries.TryGetValue(key, out var entry) ? $"{Source}:{entry.Line}: '{key}' {why}" : $"{Source}: '{key}' {why}");

    private void Fill(Parser parser)
    {
        parser.Consume<StreamStart>();
        if (!parser.Accept<DocumentStart>(out _)) throw new UserErrorException($"{Source}: is empty");
        parser.Consume<DocumentStart>();
        Plain(parser.Consume<MappingStart>());
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = Plain(parser.Consume<Scalar>());
            var line = (int)key.Start.Line;
            (int, string?, IReadOnlyList<string>?) entry = parser.Accept<SequenceStart>(out _)
                ? (line, null, Items(parser))
                : (line, Plain(parser.Consume<Scalar>()).Value, null);
            if (!_entries.TryAdd(key.Value, entry)) throw new UserErrorException($"{Source}:{line}: '{key.Value}' is given twice");
        }

        parser.Consume<DocumentEnd>();
        parser.Consume<StreamEnd>();
    }

    private List<string> Items(Parser parser)
    {
        Plain(parser.Consume<SequenceStart>());
        var items = new List<string>();
        while (!parser.TryConsume<SequenceEnd>(out _)) items.Add(Plain(parser.Consume<Scalar>()).Value);
        return items;
    }

    private TEvent Plain<TEvent>(TEvent node)
        where TEvent : NodeEvent =>
        node.Anchor.IsEmpty && node.Tag.IsEmpty ? node : throw new UserErrorException($"{Source}:{node.Start.Line}: anchors and tags are not supported here");
}
