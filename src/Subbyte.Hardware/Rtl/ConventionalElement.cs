using System.Numerics;

namespace Subbyte.Hardware.Rtl;

/// <summary>The conventional element: an unsigned 8-bit activation code times a signed 8-bit weight code; or two such products a step.</summary>
/// <param name="weights">Weight codes [filters][depth].</param>
/// <param name="depth">Length of a dot product.</param>
/// <param name="isPair">Whether it is two elements in one.</param>
internal sealed class ConventionalElement(short[] weights, int depth, bool isPair = false) : RtlElement
{
    private readonly int _operands = isPair ? 2 : 1;

    public override string Name => isPair ? "mac8_pair" : "mac8";

    public override string Folder => "mac8";

    public override int Kind => isPair ? 8 : 0;

    public override int XBits => 8 * _operands;

    public override int WBits => 8 * _operands;

    public override int Steps => (depth + _operands - 1) / _operands;

    public override BigInteger ActivationWord(ReadOnlySpan<short> row, int step) => Word(row, step);

    public override BigInteger WeightWord(int filter, int step) => Word(weights.AsSpan(filter * depth, depth), step);

    public override long Step(ReadOnlySpan<short> row, int filter, int step)
    {
        long sum = 0;
        for (var k = step * _operands; k < Math.Min(depth, (step + 1) * _operands); k++) sum += (long)row[k] * weights[(filter * depth) + k];
        return sum;
    }

    private BigInteger Word(ReadOnlySpan<short> codes, int step)
    {
        var word = BigInteger.Zero;
        for (var k = step * _operands; k < Math.Min(depth, (step + 1) * _operands); k++) word |= Field(codes[k], 8) << (8 * (k % _operands));
        return word;
    }
}
