using Subbyte.Kernels;
using Subbyte.Lowering;
using Subbyte.Onnx.Export;

namespace Subbyte.Methods.NbSmt;

/// <summary>
/// What a <see cref="CollisionCode"/> that counts all partners gets wrong for weights some of whose partners' weights are zero: the code by the number of busy
/// partners that such a weight has, less the code by the number of all.
/// </summary>
public sealed class CollisionDifference : IPartnerCode, IOnnxExpressible
{
    private readonly ThreadArrangement _threads;
    private readonly CollisionCode _few;
    private readonly CollisionCode _all;
    private readonly int[] _seen;
    private readonly int[] _hidden;
    private readonly PartnerPlanes _planes;

    /// <summary>The code.</summary>
    /// <param name="threads">Which elements share a multiplier.</param>
    /// <param name="visible">The rotations whose partners have weights that are not zero, one bit each.</param>
    /// <param name="tables">Codes of the 256 base codes by the number of partners whose activation is not zero; the last holds for more.</param>
    public CollisionDifference(ThreadArrangement threads, int visible, byte[][] tables)
    {
        var rotations = Enumerable.Range(0, threads.Partners.Count);
        _threads = threads;
        _seen = [.. rotations.Where(rotation => (visible >> rotation & 1) != 0)];
        _hidden = [.. rotations.Except(_seen)];
        _few = new CollisionCode(threads, visible, tables);
        _all = new CollisionCode(threads, (1 << threads.Partners.Count) - 1, tables);
        Range = RangeOf(tables, _seen.Length, _hidden.Length);
        _planes = new PartnerPlanes(tables, (byte)-Range.Lowest);
    }

    /// <inheritdoc/>
    public CodeRange Range { get; }

    /// <inheritdoc/>
    public CodeReach Reach => _all.Reach;

    /// <inheritdoc/>
    public int RunLength => _all.RunLength;

    /// <inheritdoc/>
    public int PartnerCount => _threads.Partners.Count;

    /// <inheritdoc/>
    public int Partner(int k, int index, int depth) => _threads.Partner(k, index < _seen.Length ? _seen[index] : _hidden[index - _seen.Length], depth);

    /// <inheritdoc/>
    public void EncodePlane(ReadOnlySpan<byte> planes, int own, ReadOnlySpan<int> partners, Span<byte> codes)
    {
        Span<int> there = stackalloc int[PartnerCount];
        var seen = There(partners[.._seen.Length], there);
        var hidden = There(partners[_seen.Length..], there[seen..]);
        _planes.Subtract(planes, own, there[..seen], there.Slice(seen, hidden), codes);
    }

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<short> patch, int channels, Span<short> codes)
    {
        var all = new short[patch.Length];
        _few.Encode(patch, channels, codes);
        _all.Encode(patch, channels, all);
        for (var k = 0; k < patch.Length; k++) codes[k] -= all[k];
    }

    /// <inheritdoc/>
    public bool TryEncode(ReadOnlySpan<byte> patch, Span<byte> codes)
    {
        var all = new byte[patch.Length];
        _few.TryEncode(patch, codes);
        _all.TryEncode(patch, all);
        for (var k = 0; k < patch.Length; k++) codes[k] = (byte)(codes[k] - all[k] - Range.Lowest);
        return true;
    }

    /// <inheritdoc/>
    public string Express(CodeGraph graph, string input, CodeShape shape) => graph.Add("Sub", [_few.Express(graph, input, shape), _all.Express(graph, input, shape)]);

    private static int There(ReadOnlySpan<int> partners, Span<int> there)
    {
        var count = 0;
        foreach (var partner in partners)
        {
            if (partner >= 0) there[count++] = partner;
        }

        return count;
    }

    /// <summary>The range over all base codes and all counts that can occur; it holds zero, the code of a zero among zeros.</summary>
    private static CodeRange RangeOf(byte[][] tables, int seen, int hidden)
    {
        var (lowest, highest) = (0, 0);
        for (var few = 0; few <= seen; few++)
        {
            for (var more = 0; more <= hidden; more++)
            {
                byte[] from = tables[Math.Min(few + more, tables.Length - 1)], to = tables[Math.Min(few, tables.Length - 1)];
                for (var x = 0; x < from.Length; x++) (lowest, highest) = (Math.Min(lowest, to[x] - from[x]), Math.Max(highest, to[x] - from[x]));
            }
        }

        return new CodeRange(lowest, highest);
    }
}
