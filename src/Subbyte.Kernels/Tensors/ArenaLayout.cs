namespace Subbyte.Tensors;

/// <summary>How long a value lives and how much memory it takes.</summary>
/// <param name="Born">The step that makes it; −1 for what is there before the first.</param>
/// <param name="Dies">The last step that reads it, ≥ <paramref name="Born"/>.</param>
/// <param name="Bytes">Bytes that it takes.</param>
public readonly record struct Lifetime(int Born, int Dies, long Bytes);

/// <summary>Gives values places in one arena; values whose lifetimes do not meet share memory.</summary>
public static class ArenaLayout
{
    private const long Alignment = 64;

    /// <summary>Places values: largest first, each at the lowest offset that is free during its whole life.</summary>
    /// <param name="values">The values.</param>
    /// <returns>The offset of each, a multiple of 64, and the bytes of the arena.</returns>
    public static (long[] Offsets, long Bytes) Place(IReadOnlyList<Lifetime> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var offsets = new long[values.Count];
        var placed = new List<int>();
        long size = 0;
        foreach (var value in Enumerable.Range(0, values.Count).OrderByDescending(value => values[value].Bytes))
        {
            var life = values[value];
            long offset = 0;
            foreach (var other in placed.Where(other => values[other].Born <= life.Dies && life.Born <= values[other].Dies).OrderBy(other => offsets[other]))
            {
                if (offset + life.Bytes <= offsets[other]) break;
                offset = Math.Max(offset, Align(offsets[other] + values[other].Bytes));
            }

            offsets[value] = offset;
            placed.Add(value);
            size = Math.Max(size, offset + life.Bytes);
        }

        return (offsets, Align(size));
    }

    private static long Align(long offset) => (offset + Alignment - 1) / Alignment * Alignment;
}
