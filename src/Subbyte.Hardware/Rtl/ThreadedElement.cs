using System.Numerics;
using Subbyte.Methods.NbSmt;

namespace Subbyte.Hardware.Rtl;

/// <summary>SySMT's element with two or four threads: an operand pair of each thread a step.</summary>
/// <param name="policy">What is squeezed in a collision.</param>
/// <param name="threads">Which operands meet.</param>
/// <param name="weights">Weight codes [filters][depth].</param>
/// <param name="depth">Length of a dot product.</param>
internal sealed class ThreadedElement(SqueezePolicy policy, ThreadArrangement threads, short[] weights, int depth) : RtlElement
{
    public override string Name => $"sysmt{threads.Threads}";

    public override string Folder => "sysmt";

    public override int Kind => threads.Threads == 2 ? 2 : 3;

    public override int XBits => 8 * threads.Threads;

    public override int WBits => 8 * threads.Threads;

    public override IReadOnlyList<int> Parameters => [policy.SqueezesWeight ? 1 : 0, (int)policy.Check, policy.UsesIdleThreads ? 1 : 0];

    public override int Steps => threads.Cycles;

    public override BigInteger ActivationWord(ReadOnlySpan<short> row, int step) => Operands(row, step);

    public override BigInteger WeightWord(int filter, int step) => Operands(weights.AsSpan(filter * depth, depth), step);

    public override long Step(ReadOnlySpan<short> row, int filter, int step)
    {
        Span<int> x = stackalloc int[threads.Threads];
        Span<int> w = stackalloc int[threads.Threads];
        Operands(row, filter, step, x, w);
        return NbSmtProcessingElement.Cycle(policy, x, w, 0);
    }

    /// <summary>Whether some thread has a product to make.</summary>
    internal bool IsBusy(ReadOnlySpan<short> row, int filter, int step)
    {
        Span<int> x = stackalloc int[threads.Threads];
        Span<int> w = stackalloc int[threads.Threads];
        Operands(row, filter, step, x, w);
        return NbSmtProcessingElement.Active(SqueezePolicy.Default, x, w) > 0;
    }

    private void Operands(ReadOnlySpan<short> row, int filter, int step, Span<int> x, Span<int> w)
    {
        var operands = threads.Operands(step);
        for (var thread = 0; thread < operands.Length; thread++)
            (x[thread], w[thread]) = operands[thread] < 0 ? (0, 0) : (row[operands[thread]], weights[(filter * depth) + operands[thread]]);
    }

    private BigInteger Operands(ReadOnlySpan<short> codes, int step)
    {
        var word = BigInteger.Zero;
        var operands = threads.Operands(step);
        for (var thread = 0; thread < operands.Length; thread++)
        {
            if (operands[thread] >= 0) word |= Field(codes[operands[thread]], 8) << (8 * thread);
        }

        return word;
    }
}
