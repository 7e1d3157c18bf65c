using System.Numerics;
using Subbyte.Methods.Fpec;

namespace Subbyte.Hardware.Rtl;

/// <summary>
/// FPEC's element: a word of code and error of each operand a step, two cycles for the final shift-add. Two adders compensate as the products come;
/// one has a queue before it.
/// </summary>
/// <param name="input">The activations.</param>
/// <param name="format">Format of the weights.</param>
/// <param name="codes">Weight codes [filters][depth].</param>
/// <param name="errors">Error codes of the weights, or null.</param>
/// <param name="depth">Length of a dot product.</param>
/// <param name="adders">Adders for compensation, 1 or 2.</param>
internal sealed class CompensatedElement(FpecActivations input, FpecFormat format, short[] codes, short[]? errors, int depth, int adders) : RtlElement
{
    private const int ErrorBits = 3;
    private const int Places = 4;

    public override string Name => adders == 1 ? "fpec_queue" : "fpec";

    public override string Folder => "fpec";

    public override int Kind => 5;

    public override int XBits => input.Format.Words.Bits + ErrorBits;

    public override int WBits => format.Words.Bits + ErrorBits;

    public override IReadOnlyList<int> Parameters
    {
        get
        {
            var shifts = input.Format.ErrorShift | (format.ErrorShift << 4) | (FpecFormat.SumShift(input.Format, format) << 8);
            var doubles = Math.Max(input.Format.LargestError, format.LargestError) > 1;
            return [input.Format.Words.Bits, format.Words.Bits, shifts, Math.Max(1, FpecEnergy.CarryBits(depth)), doubles ? 1 : 0, QueueDepth];
        }
    }

    public override int Steps => depth;

    public override int Extra => FpecProcessingElement.Cycles(depth, 0, adders) - depth;

    public override int QueueDepth => adders == 1 ? Places : 0;

    public override BigInteger ActivationWord(ReadOnlySpan<short> row, int step) => Word(input.Word(row[step]), input.Format.Words.Bits);

    public override BigInteger WeightWord(int filter, int step) => Word(Weight((filter * depth) + step), format.Words.Bits);

    public override long Step(ReadOnlySpan<short> row, int filter, int step)
        => default(FpecProcessingElement).Accumulate(input.Word(row[step]), Weight((filter * depth) + step)).Sum(input.Format, format);

    public override int Queued(ReadOnlySpan<short> row, int filter, int step)
    {
        var element = default(FpecProcessingElement).Accumulate(input.Word(row[step]), Weight((filter * depth) + step));
        return element.ActivationCompensations + element.WeightCompensations;
    }

    private static BigInteger Word(FpecWord word, int bits) => Field(word.Code, bits) | (Field(word.Error, ErrorBits) << bits);

    private FpecWord Weight(int place) => new(codes[place], errors?[place] ?? 0);
}
