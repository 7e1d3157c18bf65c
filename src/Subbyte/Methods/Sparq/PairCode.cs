using System.Numerics;
using Subbyte.Kernels;
using Subbyte.Lowering;
using Subbyte.Onnx.Export;
using Subbyte.Tensors;

namespace Subbyte.Methods.Sparq;

/// <summary>
/// The activation code of vSPARQ (section 3.3): a code becomes its trimmed value, or its survivor value when its partner is zero. The
/// partner of k is <c>k ⊕ distance</c>: its neighbour in a pair, or, for the sparse form, another position of its group of four. Partners
/// beyond the row's end are zero; runs go on over kernel positions.
/// </summary>
public sealed class PairCode : IPairCode, IOnnxExpressible
{
    private readonly TrimmingUnit _unit;
    private readonly int _distance;

    /// <summary>The code.</summary>
    /// <param name="unit">The trimming unit.</param>
    /// <param name="distance">What is added to k, without carry, to find its partner: 1, 2 or 3.</param>
    public PairCode(TrimmingUnit unit, int distance = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(distance, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(distance, 3);
        _unit = unit;
        _distance = distance;
        var highest = 0;
        for (var value = 0; value < 256; value++) highest = Math.Max(highest, Math.Max(unit.Trim[value], unit.Survivor[value]));
        Range = new CodeRange(0, highest);
    }

    /// <inheritdoc/>
    public CodeRange Range { get; }

    /// <inheritdoc/>
    public int Distance => _distance;

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Paired => _unit.Trim;

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Alone => _unit.Survivor;

    /// <inheritdoc/>
    public CodeReach Reach => CodeReach.Run;

    /// <inheritdoc/>
    public int RunLength => _distance == 1 ? 2 : 4;

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<short> patch, int channels, Span<short> codes) => Map(patch, codes);

    /// <inheritdoc/>
    public bool TryEncode(ReadOnlySpan<byte> patch, Span<byte> codes)
    {
        if (_distance == 1) PairMap.Map(patch, _unit.Trim, _unit.Survivor, codes);
        else Map(patch, codes);
        return true;
    }

    /// <inheritdoc/>
    public string Express(CodeGraph graph, string input, CodeShape shape)
    {
        if (shape.ChannelAxis != 1 || shape.ChannelsPerGroup % RunLength != 0)
            throw new NotExpressibleException($"its runs of {RunLength} consecutive channels straddle kernel positions ({shape.ChannelsPerGroup} channels)");
        var partners = Enumerable.Range(0, RunLength).Select(k => (long)(k ^ _distance)).ToArray();
        return graph.Call(
            CodeFunctions.TrimPairs,
            [
                input,
                graph.Constant("runs", Tensor.Of<long>([0, shape.Channels / RunLength, RunLength, -1])),
                graph.Constant("partners", Tensor.Of<long>(partners)),
                graph.Constant("trim", Table(_unit.Trim)),
                graph.Constant("survivor", Table(_unit.Survivor)),
                graph.Scalar("zero", 0),
            ]);
    }

    private static Tensor Table(ReadOnlySpan<byte> values)
    {
        var table = new float[values.Length];
        for (var i = 0; i < table.Length; i++) table[i] = values[i];
        return Tensor.Of<float>(table);
    }

    private void Map<T>(ReadOnlySpan<T> patch, Span<T> codes)
        where T : struct, IBinaryInteger<T>
    {
        var trim = _unit.Trim;
        var survivor = _unit.Survivor;
        for (var k = 0; k < patch.Length; k++)
        {
            var partner = k ^ _distance;
            var isPaired = partner < patch.Length && !T.IsZero(patch[partner]);
            codes[k] = T.CreateTruncating((isPaired ? trim : survivor)[int.CreateTruncating(patch[k])]);
        }
    }
}
