using System.Numerics;

namespace Subbyte.Hardware.Rtl;

/// <summary>Fixed point of any width: signed codes on both sides, and a sum of forty bits.</summary>
/// <param name="weights">Weight codes [filters][depth].</param>
/// <param name="depth">Length of a dot product.</param>
/// <param name="bits">Bits of a code, sign included; 16 at most, since codes are words of 16 bits.</param>
internal sealed class FixedPointElement(short[] weights, int depth, int bits) : RtlElement
{
    public override string Name => $"fxp{bits}";

    public override string Folder => "mac8";

    public override int Kind => 7;

    public override int XBits => bits;

    public override int WBits => bits;

    public override IReadOnlyList<int> Parameters => [bits];

    public override int Steps => depth;

    public override BigInteger ActivationWord(ReadOnlySpan<short> row, int step) => Field(row[step], bits);

    public override BigInteger WeightWord(int filter, int step) => Field(weights[(filter * depth) + step], bits);

    public override long Step(ReadOnlySpan<short> row, int filter, int step) => (long)row[step] * weights[(filter * depth) + step];
}
