using System.Numerics;
using Subbyte.Methods.OneHot;

namespace Subbyte.Hardware.Rtl;

/// <summary>The one-hot element: nibbles of sign and exponent.</summary>
/// <param name="weights">Decoded weights [filters][depth].</param>
/// <param name="depth">Length of a dot product.</param>
internal sealed class OneHotElement(short[] weights, int depth) : RtlElement
{
    public override string Name => "one_hot";

    public override string Folder => "one_hot";

    public override int Kind => 4;

    public override int XBits => 4;

    public override int WBits => 4;

    public override int Steps => depth;

    public override BigInteger ActivationWord(ReadOnlySpan<short> row, int step) => OneHotCode.Encode(row[step]);

    public override BigInteger WeightWord(int filter, int step) => OneHotCode.Encode(weights[(filter * depth) + step]);

    public override long Step(ReadOnlySpan<short> row, int filter, int step)
    {
        Span<int> histogram = stackalloc int[OneHotProduct.Buckets];
        OneHotProduct.Histogram(weights.AsSpan((filter * depth) + step, 1), row.Slice(step, 1), histogram);
        return OneHotProduct.Sum(histogram);
    }
}
