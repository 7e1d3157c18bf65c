using System.Text;
using Subbyte.Methods;

namespace Subbyte.Data.Text;

/// <summary>Texts for language models, such as WikiText: words separated by white space, one paragraph a line.</summary>
internal sealed class WikitextKind : IDataKind
{
    private const string VocabularyEnd = ".vocab.txt";

    private static readonly IReadOnlyList<MethodOption> Options = MethodOption.Of(new TextOptions());

    /// <inheritdoc/>
    public string Name => "wikitext";

    /// <inheritdoc/>
    public string Usage => "wikitext:DIR[,vocab=FILE,streams=N]";

    /// <inheritdoc/>
    public string Summary => "a text, words separated by white space: a folder of wiki.SPLIT.tokens or SPLIT.txt, or one file, gzip or not; the vocabulary is vocab=, or *.vocab.txt beside the model or the text";

    /// <inheritdoc/>
    public bool HasValidation => true;

    /// <inheritdoc/>
    public DataSet Open(DataSpec spec)
    {
        var fields = spec.Argument.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var options = new TextOptions();
        DataOptions.Read(this, spec, fields.Skip(1), Options, options);
        var path = (spec with { Argument = fields.FirstOrDefault() ?? "" }).ResolvePath();
        var split = spec.Split ?? DataSplit.Test;
        var isFolder = Directory.Exists(path);
        if (!isFolder) spec.ExpectNoTrainSplit();
        var vocabulary = Vocabulary.Read(options.Vocabulary.Length > 0 ? PathExpansion.Expand(options.Vocabulary, spec.BaseFolder) : FindVocabulary(spec, isFolder ? path : Path.GetDirectoryName(Path.GetFullPath(path))!));
        var ids = vocabulary.Encode(Encoding.UTF8.GetString(DataFile.ReadAll(isFolder ? FileOf(spec, path, split) : path)));
        if (ids.Length / options.Streams < 2) throw spec.Error($"{ids.Length} words cannot be cut into {options.Streams} streams of two or more; give streams=1 or a longer text");
        return new DataSet(new TokenRecords(ids, vocabulary.Count, options.Streams), spec.Text, isFolder ? split.ToString().ToLowerInvariant() : "all");
    }

    /// <summary>The one file whose name has the split between its dots: <c>wiki.valid.tokens.gz</c>, <c>valid.txt</c>.</summary>
    private static string FileOf(DataSpec spec, string folder, DataSplit split)
    {
        var word = split.ToString().ToLowerInvariant();
        var files = DataFolder.Files(spec, folder, name => name.Split('.').Contains(word, StringComparer.Ordinal) && !name.EndsWith(VocabularyEnd, StringComparison.Ordinal));
        return files.Count switch
        {
            0 => throw spec.Error($"{folder} holds no wiki.{word}.tokens or {word}.txt (or .gz); name a file instead of the folder"),
            1 => files[0],
            _ => throw DataFolder.Ambiguous(spec, files),
        };
    }

    /// <summary>The vocabulary that bears the model's name, else the only one beside the model, else the only one beside the text.</summary>
    private static string FindVocabulary(DataSpec spec, string folder)
    {
        if (spec.ModelFile is { } model)
        {
            var named = Path.ChangeExtension(Path.GetFullPath(model), null) + VocabularyEnd;
            if (File.Exists(named)) return named;
            if (Only(spec, Path.GetDirectoryName(named)!) is { } beside) return beside;
        }

        return Only(spec, folder)
            ?? throw spec.Error($"needs a vocabulary (line k is the word with id k): write {spec.Kind}:DIR,vocab=FILE, or put one *{VocabularyEnd} beside the model or the text");
    }

    private static string? Only(DataSpec spec, string folder)
        => Directory.Exists(folder) && DataFolder.Files(spec, folder, name => name.EndsWith(VocabularyEnd, StringComparison.Ordinal)) is [var only] ? only : null;
}
