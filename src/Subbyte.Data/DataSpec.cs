using System.Globalization;

namespace Subbyte.Data;

/// <summary>
/// The text that names data: <c>KIND:WHERE#SPLIT:FIRST-LAST</c>, for example <c>cifar10:data/cifar10#test:0-99</c>. The split (<c>train</c>,
/// <c>test</c>, of texts <c>valid</c>) and the records (counted from 0, both ends included; <c>100-</c> goes to the end, <c>0-99/4</c> takes every fourth) may be left
/// out, either or both.
/// </summary>
public sealed record DataSpec
{
    private DataSpec(string text) => Text = text;

    /// <summary>The text as given.</summary>
    public string Text { get; }

    /// <summary>The kind, a name of <see cref="DataKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>What stands between the kind and the split: a path, or the options of generated data; may be empty.</summary>
    public required string Argument { get; init; }

    /// <summary>The split that was asked for, or <see langword="null"/>.</summary>
    public DataSplit? Split { get; init; }

    /// <summary>The first record that was asked for.</summary>
    public int First { get; init; }

    /// <summary>The last record that was asked for, or <see langword="null"/> for all from the first on.</summary>
    public int? Last { get; init; }

    /// <summary>Every how many-th of these records was asked for; 1 for each.</summary>
    public int Step { get; init; } = 1;

    /// <summary>The folder that relative paths start from; the current folder when it is <see langword="null"/>.</summary>
    public string? BaseFolder { get; init; }

    /// <summary>The file of the network that the data are for, where it is known: a vocabulary may lie beside it.</summary>
    public string? ModelFile { get; init; }

    /// <summary>Opens the data that a text names.</summary>
    /// <param name="text">The text.</param>
    /// <param name="baseFolder">The folder that relative paths start from; the current folder when it is <see langword="null"/>.</param>
    /// <param name="modelFile">The file of the network that the data are for, or <see langword="null"/>.</param>
    /// <returns>The data.</returns>
    /// <exception cref="UserErrorException">The text is malformed, or the data cannot be read.</exception>
    public static DataSet Open(string text, string? baseFolder = null, string? modelFile = null)
    {
        var spec = Parse(text) with { BaseFolder = baseFolder, ModelFile = modelFile };
        var kind = DataKinds.Find(spec);
        if (spec.Split == DataSplit.Valid && !kind.HasValidation) throw spec.Error($"{kind.Name} has no split '#valid'; write #train or #test");
        var data = kind.Open(spec);
        if (spec is { First: 0, Last: null, Step: 1 }) return data;
        if (spec.First >= data.Count || spec.Last >= data.Count)
            throw spec.Error($"there are {data.Count} records, numbered 0 to {data.Count - 1}");
        return data.Slice(spec.First, (spec.Last ?? data.Count - 1) - spec.First + 1).Every(spec.Step);
    }

    /// <summary>Takes a text apart without looking at any file.</summary>
    /// <param name="text">The text.</param>
    /// <returns>Its parts.</returns>
    /// <exception cref="UserErrorException">The text is malformed.</exception>
    public static DataSpec Parse(string text)
    {
        var hash = text.LastIndexOf('#');
        var source = hash < 0 ? text : text[..hash];
        var colon = source.IndexOf(':', StringComparison.Ordinal);
        var spec = new DataSpec(text)
        {
            Kind = (colon < 0 ? source : source[..colon]).Trim(),
            Argument = colon < 0 ? "" : source[(colon + 1)..],
        };
        return hash < 0 ? spec : WithSelection(spec, text[(hash + 1)..]);
    }

    /// <summary>The file or folder that the argument names.</summary>
    /// <returns>An expanded path.</returns>
    /// <exception cref="UserErrorException">There is none, or a variable in it is not set.</exception>
    public string ResolvePath() =>
        Argument.Length == 0 ? throw Error($"a path is missing; write {Kind}:PATH") : PathExpansion.Expand(Argument, BaseFolder);

    /// <summary>Ensures that nobody asks a single file, which has no splits, for any but what is evaluated.</summary>
    /// <exception cref="UserErrorException">Somebody does.</exception>
    public void ExpectNoTrainSplit()
    {
        if (Split is DataSplit.Train or DataSplit.Valid) throw Error($"a single file has no splits; leave '#{Split.Value.ToString().ToLowerInvariant()}' out, or choose records: #0-99");
    }

    /// <summary>An error of this specification.</summary>
    /// <param name="why">What is wrong with it.</param>
    /// <returns>The error, to be thrown.</returns>
    public UserErrorException Error(string why) => new($"data '{Text}': {why}");

    private static DataSpec WithSelection(DataSpec spec, string selection)
    {
        var colon = selection.IndexOf(':', StringComparison.Ordinal);
        var (name, range) = colon >= 0 ? (selection[..colon], selection[(colon + 1)..])
            : selection.Length > 0 && char.IsAsciiDigit(selection[0]) ? ("", selection)
            : (selection, "");
        spec = spec with
        {
            Split = name switch
            {
                "train" => DataSplit.Train,
                "test" => DataSplit.Test,
                "valid" => DataSplit.Valid,
                "" when range.Length > 0 => null,
                _ => throw spec.Error($"'#{selection}' is neither #train nor #test (of texts also #valid) nor records such as #0-99 or #test:0-99"),
            },
        };
        return range.Length == 0 && colon < 0 ? spec : WithRange(spec, range);
    }

    private static DataSpec WithRange(DataSpec spec, string range)
    {
        var slash = range.IndexOf('/', StringComparison.Ordinal);
        var step = slash < 0 ? 1 : ParseRecord(spec, range[(slash + 1)..]);
        if (step == 0) throw spec.Error("every 0th record cannot be taken; write for example #0-99/4");
        if (slash >= 0) range = range[..slash];
        var dash = range.IndexOf('-', StringComparison.Ordinal);
        var first = ParseRecord(spec, dash < 0 ? range : range[..dash]);
        var last = dash < 0 ? first : dash == range.Length - 1 ? (int?)null : ParseRecord(spec, range[(dash + 1)..]);
        if (last < first) throw spec.Error($"the last record {last} lies before the first, {first}");
        return spec with { First = first, Last = last, Step = step };
    }

    private static int ParseRecord(DataSpec spec, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var record)
            ? record
            : throw spec.Error($"'{text}' is not the number of a record; write for example #test:0-99");
}
