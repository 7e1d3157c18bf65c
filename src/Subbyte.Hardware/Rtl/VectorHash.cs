using System.Numerics;

namespace Subbyte.Hardware.Rtl;

/// <summary>The hash by which a testbench knows its vectors: FNV-1a over 32-bit parts of the words, the lowest first.</summary>
internal sealed class VectorHash
{
    private const uint Prime = 0x01000193;

    /// <summary>The hash so far.</summary>
    public uint Value { get; private set; } = 0x811c9dc5;

    /// <summary>Takes in a word.</summary>
    /// <param name="word">The word, unsigned.</param>
    /// <param name="bits">Its width.</param>
    public void Add(BigInteger word, int bits)
    {
        for (var part = 0; part < bits; part += 32) Value = unchecked((Value ^ (uint)((word >> part) & uint.MaxValue)) * Prime);
    }
}
