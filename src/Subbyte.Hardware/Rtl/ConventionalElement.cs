using System.Numerics;

namespace Subbyte.Hardware.Rtl;

/// <summary>The conventional element: an unsigned 8-bit activation code times a signed 8-bit weight code.</summary>
/// <param name="weights">Weight codes [filters][depth].</param>
/// <param name="depth">Length of a dot product.</param>
internal sealed class ConventionalElement(short[] weights, int depth) : RtlElement
{
    public override string Name => "mac8";

    public override string Folder => "mac8";

    public override int Kind => 0;

    public override int XBits => 8;

    public override int WBits => 8;

    public override int Steps => depth;

    public override BigInteger ActivationWord(ReadOnlySpan<short> row, int step) => Field(row[step], 8);

    public override BigInteger WeightWord(int filter, int step) => Field(weights[(filter * depth) + step], 8);

    public override long Step(ReadOnlySpan<short> row, int filter, int step) => (long)row[step] * weights[(filter * depth) + step];
}
