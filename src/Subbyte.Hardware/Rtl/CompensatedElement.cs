using System.Numerics;
using Subbyte.Methods.Fpec;

namespace Subbyte.Hardware.Rtl;

/// <summary>FPEC's element with two adders for compensation: a word of code and error of each operand a step, two cycles for the final shift-add.</summary>
/// <param name="input">The activations.</param>
/// <param name="format">Format of the weights.</param>
/// <param name="codes">Weight codes [filters][depth].</param>
/// <param name="errors">Error codes of the weights, or null.</param>
/// <param name="depth">Length of a dot product.</param>
internal sealed class CompensatedElement(FpecActivations input, FpecFormat format, short[] codes, short[]? errors, int depth) : RtlElement
{
    private const int ErrorBits = 3;
    private const int Adders = 2;

    public override string Name => "fpec";

    public override string Folder => "fpec";

    public override int Kind => 5;

    public override int XBits => input.Format.Words.Bits + ErrorBits;

    public override int WBits => format.Words.Bits + ErrorBits;

    public override IReadOnlyList<int> Parameters => [input.Format.Words.Bits, format.Words.Bits, input.Format.ErrorShift, format.ErrorShift, FpecFormat.SumShift(input.Format, format)];

    public override int Steps => depth;

    public override int Extra => FpecProcessingElement.Cycles(depth, 0, Adders) - depth;

    public override BigInteger ActivationWord(ReadOnlySpan<short> row, int step) => Word(input.Word(row[step]), input.Format.Words.Bits);

    public override BigInteger WeightWord(int filter, int step) => Word(Weight((filter * depth) + step), format.Words.Bits);

    public override long Sum(ReadOnlySpan<short> row, int filter)
    {
        var element = default(FpecProcessingElement);
        for (var k = 0; k < depth; k++) element = element.Accumulate(input.Word(row[k]), Weight((filter * depth) + k));
        return element.Sum(input.Format, format);
    }

    private static BigInteger Word(FpecWord word, int bits) => Field(word.Code, bits) | (Field(word.Error, ErrorBits) << bits);

    private FpecWord Weight(int place) => new(codes[place], errors?[place] ?? 0);
}
