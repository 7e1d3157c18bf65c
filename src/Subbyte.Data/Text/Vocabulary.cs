using System.Text;

namespace Subbyte.Data.Text;

/// <summary>The words of a language model: line k of a file is the word whose id is k. Words that are not there become <c>&lt;unk&gt;</c>.</summary>
internal sealed class Vocabulary
{
    /// <summary>Ids are read as float32 like all samples, which holds whole numbers up to here exactly.</summary>
    private const int MostWords = 1 << 24;

    private readonly Dictionary<string, int> _ids;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    private Vocabulary(Dictionary<string, int> ids)
        => (_ids, _lookup, Unknown, EndOfLine) = (ids, ids.GetAlternateLookup<ReadOnlySpan<char>>(), ids["<unk>"], ids["<eos>"]);

    /// <summary>Number of words.</summary>
    public int Count => _ids.Count;

    /// <summary>The id of words that are not in the vocabulary.</summary>
    public int Unknown { get; }

    /// <summary>The id of the word that ends every line.</summary>
    public int EndOfLine { get; }

    /// <summary>Reads a vocabulary.</summary>
    /// <param name="path">The file, gzip or not.</param>
    /// <returns>The vocabulary.</returns>
    /// <exception cref="UserErrorException">It cannot be read, a word is empty or stands there twice, or <c>&lt;unk&gt;</c> or <c>&lt;eos&gt;</c> is missing.</exception>
    public static Vocabulary Read(string path)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var line in Encoding.UTF8.GetString(DataFile.ReadAll(path)).TrimEnd('\n', '\r').Split('\n'))
        {
            var word = line.TrimEnd('\r');
            if (word.Length == 0 || ids.Count == MostWords || !ids.TryAdd(word, ids.Count))
                throw new UserErrorException($"{path}: line {ids.Count + 1} {(word.Length == 0 ? "is empty" : $"('{Shorten(word)}') {(ids.Count == MostWords ? "is one too many" : "stands there before")}")}; a vocabulary has one word a line, at most {MostWords}");
        }

        foreach (var needed in new[] { "<unk>", "<eos>" })
            if (!ids.ContainsKey(needed)) throw new UserErrorException($"{path}: has no line {needed}, which every text needs; give the vocabulary that the network was trained with");
        return new Vocabulary(ids);
    }

    /// <summary>The ids of a text: its words, separated by white space, and an end after every line.</summary>
    /// <param name="text">The text.</param>
    /// <returns>Ids.</returns>
    public int[] Encode(string text)
    {
        var ids = new List<int>(text.Length / 4);
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOf('\n');
            AddWords(ids, end < 0 ? rest : rest[..end]);
            ids.Add(EndOfLine);
            rest = end < 0 ? [] : rest[(end + 1)..];
        }

        return [.. ids];
    }

    private void AddWords(List<int> ids, ReadOnlySpan<char> line)
    {
        for (var i = 0; i < line.Length;)
        {
            var start = i;
            while (i < line.Length && !char.IsWhiteSpace(line[i])) i++;
            if (i > start) ids.Add(_lookup.TryGetValue(line[start..i], out var id) ? id : Unknown);
            else i++;
        }
    }

    private static string Shorten(string word) => word.Length <= 32 ? word : word[..32] + "…";
}
