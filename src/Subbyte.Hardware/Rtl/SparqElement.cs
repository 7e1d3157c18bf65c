using System.Numerics;
using Subbyte.Methods.Sparq;

namespace Subbyte.Hardware.Rtl;

/// <summary>SPARQ's element behind the trimming unit of its row: a pair of activations and its two weights a step.</summary>
/// <param name="unit">The trimming unit.</param>
/// <param name="weights">Weight codes [filters][depth].</param>
/// <param name="depth">Length of a dot product.</param>
internal sealed class SparqElement(TrimmingUnit unit, short[] weights, int depth) : RtlElement
{
    private readonly int _distance = unit.Window.Shifts[1];

    public override string Name => $"sparq_{unit.Window.Name}";

    public override string Folder => "sparq";

    public override int Kind => 1;

    public override int XBits => (2 * unit.Window.Width) + 8;

    public override int XFileBits => 16;

    public override int WBits => 16;

    public override IReadOnlyList<int> Parameters => [unit.Window.Width, _distance, unit.Window.Shifts.Count];

    public override int Steps => (depth + 1) / 2;

    public override IReadOnlyList<(string Name, int Value)> Definitions =>
        [("TRIM_BITS", unit.Window.Width), ("TRIM_STEP", _distance), ("TRIM_ROUND", unit.Round ? 1 : 0), ("TRIM_PAIRS", unit.Pairs ? 1 : 0)];

    public override BigInteger ActivationWord(ReadOnlySpan<short> row, int step) => Pair(row, step);

    public override BigInteger WeightWord(int filter, int step) => Pair(weights.AsSpan(filter * depth, depth), step);

    public override long Step(ReadOnlySpan<short> row, int filter, int step)
    {
        var (k, hasPartner) = (2 * step, (2 * step) + 1 < depth);
        var operands = unit.Prepare(row[k], hasPartner ? row[k + 1] : 0);
        return SparqProcessingElement.Cycle(operands, weights[(filter * depth) + k], hasPartner ? weights[(filter * depth) + k + 1] : 0, 0);
    }

    private static BigInteger Pair(ReadOnlySpan<short> codes, int step)
        => Field(codes[2 * step], 8) | (Field((2 * step) + 1 < codes.Length ? codes[(2 * step) + 1] : 0, 8) << 8);
}
