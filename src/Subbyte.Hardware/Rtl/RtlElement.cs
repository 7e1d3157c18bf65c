using System.Numerics;

namespace Subbyte.Hardware.Rtl;

/// <summary>
/// A processing element as RTL: how operands of a dot product become its words, and the C# model that its sums are held to. One step takes
/// the word of a position and that of a filter.
/// </summary>
public abstract class RtlElement
{
    private protected RtlElement()
    {
    }

    /// <summary>Name of the block.</summary>
    public abstract string Name { get; }

    /// <summary>Folder of <c>hardware/</c> that holds it.</summary>
    public abstract string Folder { get; }

    /// <summary>The array's parameter KIND.</summary>
    public abstract int Kind { get; }

    /// <summary>Bits of an activation word at the element.</summary>
    public abstract int XBits { get; }

    /// <summary>Bits of an activation word before the array's edge.</summary>
    public virtual int XFileBits => XBits;

    /// <summary>Bits of a weight word.</summary>
    public abstract int WBits { get; }

    /// <summary>The element's own parameters, at most six.</summary>
    public virtual IReadOnlyList<int> Parameters => [];

    /// <summary>Steps of a dot product.</summary>
    public abstract int Steps { get; }

    /// <summary>Cycles of a step.</summary>
    public virtual int Beat => 1;

    /// <summary>Cycles after the last step until the sum is there.</summary>
    public virtual int Extra => 0;

    /// <summary>Places of the element's queue of work that is put off, or 0 where it has none.</summary>
    public virtual int QueueDepth => 0;

    /// <summary>The control registers of Term Revealing; for all others one cycle a step.</summary>
    public virtual TermRevealingControl Control => TermRevealingControl.SingleCycle;

    /// <summary>Further definitions of the testbench.</summary>
    public virtual IReadOnlyList<(string Name, int Value)> Definitions => [];

    /// <summary>The word of a position.</summary>
    /// <param name="row">Base codes [depth].</param>
    /// <param name="step">Step.</param>
    /// <returns>The word, unsigned.</returns>
    public abstract BigInteger ActivationWord(ReadOnlySpan<short> row, int step);

    /// <summary>The word of a filter.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="step">Step.</param>
    /// <returns>The word, unsigned.</returns>
    public abstract BigInteger WeightWord(int filter, int step);

    /// <summary>What one step adds to the sum, by the method's scalar reference.</summary>
    /// <param name="row">Base codes [depth].</param>
    /// <param name="filter">The filter.</param>
    /// <param name="step">Step.</param>
    /// <returns>The exact contribution.</returns>
    public abstract long Step(ReadOnlySpan<short> row, int filter, int step);

    /// <summary>Work that a step puts into the queue; the element does one piece a cycle.</summary>
    /// <param name="row">Base codes [depth].</param>
    /// <param name="filter">The filter.</param>
    /// <param name="step">Step.</param>
    /// <returns>Pieces, at most two.</returns>
    public virtual int Queued(ReadOnlySpan<short> row, int filter, int step) => 0;

    /// <summary>A dot product, one step after the other.</summary>
    /// <param name="row">Base codes [depth].</param>
    /// <param name="filter">The filter.</param>
    /// <returns>The exact sum.</returns>
    public long Sum(ReadOnlySpan<short> row, int filter)
    {
        long sum = 0;
        for (var step = 0; step < Steps; step++) sum += Step(row, filter, step);
        return sum;
    }

    /// <summary>The lowest bits of a number in two's complement.</summary>
    /// <param name="value">The number.</param>
    /// <param name="bits">How many bits.</param>
    /// <returns>0 … 2^bits − 1.</returns>
    private protected static BigInteger Field(long value, int bits) => value & ((1L << bits) - 1);
}
