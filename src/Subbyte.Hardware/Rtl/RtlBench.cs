using System.Numerics;
using System.Text;
using Subbyte.Hardware.Arrays;

namespace Subbyte.Hardware.Rtl;

/// <summary>A testbench with its vectors: files by name.</summary>
/// <param name="Name">What is tested.</param>
/// <param name="Files">Texts by file name.</param>
/// <param name="Sums">Sums that are compared.</param>
/// <param name="Cycles">Cycles that the C# model takes.</param>
public sealed record RtlBench(string Name, IReadOnlyDictionary<string, string> Files, long Sums, long Cycles)
{
    private const int SumBits = 40;
    private const int MostElements = 4096;

    /// <summary>One element, an array of one: every sum, one dot product after the other.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="element">Its element.</param>
    /// <returns>The testbench.</returns>
    public static RtlBench OfElement(RtlLayer layer, RtlElement element) => OfPhases(layer, [element], new ArraySize(1, 1));

    /// <summary>An output-stationary array: every sum, fold by fold.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="element">Its element.</param>
    /// <param name="array">The array.</param>
    /// <returns>The testbench.</returns>
    public static RtlBench OfArray(RtlLayer layer, RtlElement element, ArraySize array) => OfPhases(layer, [element], array);

    /// <summary>A layer several times over on one array, each time as another element's words and control registers have it.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="phases">Elements that are the same hardware.</param>
    /// <param name="array">The array.</param>
    /// <returns>The testbench.</returns>
    public static RtlBench OfPhases(RtlLayer layer, IReadOnlyList<RtlElement> phases, ArraySize array)
    {
        ArgumentNullException.ThrowIfNull(phases);
        if (array.Elements > MostElements) throw new UserErrorException($"an array of RTL has at most {MostElements} elements, not {array}");
        var element = phases[0];
        var name = $"{element.Name}{(array.Elements > 1 ? $"_array_{array}" : "")}{(phases.Count > 1 ? "_modes" : "")}";
        var vectors = phases.Select(phase => OfLayer(layer, phase)).Aggregate((all, next) => all.Then(next));
        var definitions = Definitions(layer, element).Concat(
        [
            ("ROWS", $"{array.Rows}"),
            ("COLUMNS", $"{array.Columns}"),
            ("PHASES", $"{phases.Count}"),
            ("PHASE_STEPS", $"{{{string.Join(", ", phases.Reverse().Select(phase => $"32'd{phase.Steps}"))}}}"),
            ("PHASE_CONTROLS", $"{{{string.Join(", ", phases.Reverse().Select(phase => $"22'd{phase.Control.Register}"))}}}"),
        ]);
        return Create(name, "array_tb.v", [element.Folder, "array", "tmac"], vectors, definitions, phases.Sum(phase => ArrayCycles.Of(layer, phase, array)));
    }

    /// <summary>The testbench of a list of words and results.</summary>
    /// <param name="name">What is tested.</param>
    /// <param name="testbench">File of the testbench.</param>
    /// <param name="folders">Folders of the blocks.</param>
    /// <param name="words">Words and results of 40 bits.</param>
    /// <param name="bits">Bits of a word.</param>
    /// <param name="definitions">Further definitions.</param>
    /// <param name="cycles">Cycles of all words.</param>
    /// <returns>The testbench.</returns>
    internal static RtlBench OfWords(string name, string testbench, string[] folders, IReadOnlyList<(BigInteger Word, BigInteger Result)> words, int bits, IEnumerable<(string Name, string Value)> definitions, long cycles)
    {
        var vectors = new Vectors([.. words.Select(word => word.Word)], bits, [BigInteger.Zero], 1, [.. words.Select(word => word.Result)]);
        definitions = definitions.Concat([("X_FILE_BITS", $"{bits}"), ("W_BITS", "1")]);
        return Create(name, testbench, folders, vectors, definitions, cycles);
    }

    /// <summary>Writes the files.</summary>
    /// <param name="folder">The folder; it is made when it is absent.</param>
    public void Write(string folder)
    {
        foreach (var (file, text) in Files) Subbyte.Files.WriteAtomically(Path.Combine(folder, file), stream => stream.Write(Encoding.UTF8.GetBytes(text)));
    }

    private static Vectors OfLayer(RtlLayer layer, RtlElement element)
    {
        var (xs, ws, ys) = (new List<BigInteger>(), new List<BigInteger>(), new List<BigInteger>());
        for (var position = 0; position < layer.Positions; position++)
        {
            for (var step = 0; step < element.Steps; step++) xs.Add(element.ActivationWord(layer.Row(position), step));
            for (var filter = 0; filter < layer.Filters; filter++) ys.Add(element.Sum(layer.Row(position), filter) & ((1L << SumBits) - 1));
        }

        for (var filter = 0; filter < layer.Filters; filter++)
        {
            for (var step = 0; step < element.Steps; step++) ws.Add(element.WeightWord(filter, step));
        }

        return new Vectors(xs, element.XFileBits, ws, element.WBits, ys);
    }

    private static IEnumerable<(string Name, string Value)> Definitions(RtlLayer layer, RtlElement element)
    {
        yield return ("POSITIONS", $"{layer.Positions}");
        yield return ("FILTERS", $"{layer.Filters}");
        yield return ("KIND", $"{element.Kind}");
        yield return ("X_BITS", $"{element.XBits}");
        yield return ("X_FILE_BITS", $"{element.XFileBits}");
        yield return ("W_BITS", $"{element.WBits}");
        yield return ("EXTRA", $"{element.Extra}");
        for (var i = 0; i < 6; i++) yield return ($"P{i}", $"{element.Parameters.ElementAtOrDefault(i)}");
        foreach (var (name, value) in element.Definitions) yield return (name, $"{value}");
    }

    private static RtlBench Create(string name, string testbench, IEnumerable<string> folders, Vectors vectors, IEnumerable<(string Name, string Value)> definitions, long cycles)
    {
        var sources = RtlSource.InFolders(folders);
        var files = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["x.hex"] = Hex(vectors.X, vectors.XBits),
            ["w.hex"] = Hex(vectors.W, vectors.WBits),
            ["y.hex"] = Hex(vectors.Y, SumBits),
            [testbench] = RtlSource.Read("testbench/" + testbench),
            ["memories.vh"] = RtlSource.Read("testbench/memories.vh"),
        };
        foreach (var source in sources) files[Path.GetFileName(source)] = RtlSource.Read(source);
        var hash = new VectorHash();
        foreach (var word in vectors.X) hash.Add(word, vectors.XBits);
        foreach (var word in vectors.W) hash.Add(word, vectors.WBits);
        foreach (var word in vectors.Y) hash.Add(word, SumBits);
        definitions = definitions.Concat([("X_WORDS", $"{vectors.X.Count}"), ("W_WORDS", $"{vectors.W.Count}"), ("Y_WORDS", $"{vectors.Y.Count}"), ("NAME", $"\"{name}\""), ("CYCLES", $"{cycles}"), ("HASH", $"32'h{hash.Value:x8}")]);
        files["parameters.vh"] = string.Concat(definitions.Select(definition => $"`define {definition.Name} {definition.Value}\n"));
        files["Makefile"] = RtlMakefile.Text(testbench, [.. sources.Select(Path.GetFileName).Order(StringComparer.Ordinal)!]);
        return new RtlBench(name, files, vectors.Y.Count, cycles);
    }

    private static string Hex(IReadOnlyList<BigInteger> words, int bits)
    {
        var digits = (bits + 3) / 4;
        var text = new StringBuilder(words.Count * (digits + 1));
        foreach (var word in words)
        {
            // A positive number may have a leading zero more than the width asks for.
            var hex = word.ToString("x", System.Globalization.CultureInfo.InvariantCulture);
            text.Append((hex.Length > digits ? hex[^digits..] : hex.PadLeft(digits, '0')).AsSpan()).Append('\n');
        }

        return text.ToString();
    }

    private sealed record Vectors(IReadOnlyList<BigInteger> X, int XBits, IReadOnlyList<BigInteger> W, int WBits, IReadOnlyList<BigInteger> Y)
    {
        public Vectors Then(Vectors next) => this with { X = [.. X, .. next.X], W = [.. W, .. next.W], Y = [.. Y, .. next.Y] };
    }
}
