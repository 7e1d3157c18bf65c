using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Subbyte.Kernels;

/// <summary>
/// The map of threads that share a multiplier behind NB-SMT (Shomron and Weiser, MICRO 2020): a code goes through one of a few tables,
/// chosen by how many of its partners in the same run are not zero.
/// </summary>
public sealed class PartnerMap
{
    private const int ChunkLength = 1024;

    private readonly RunGather[] _partners;

    // Null stands for the identity.
    private readonly byte[]? _alone;
    private readonly byte[]? _collided;
    private readonly byte[]? _crowded;

    /// <summary>A map.</summary>
    /// <param name="partners">For each partner: for each element of a run the index of its partner in the run, or −1 for none; all of one length.</param>
    /// <param name="tables">Tables of 256 entries by the number of partners that are not zero, one to three; the last holds for more.</param>
    /// <exception cref="ArgumentException">There is no table, one has another length, runs differ in length, or a partner lies outside its run.</exception>
    public PartnerMap(IReadOnlyList<int[]> partners, IReadOnlyList<byte[]> tables)
    {
        if (tables.Count is 0 or > 3 || tables.Any(table => table.Length != 256)) throw new ArgumentException("one to three tables of 256 entries are needed", nameof(tables));
        if (partners.Any(run => run.Length == 0 || run.Length != partners[0].Length || run.Any(partner => partner < -1 || partner >= run.Length)))
            throw new ArgumentException("partners lie in one run, which is as long for each of them", nameof(partners));
        _partners = [.. partners.Select(run => new RunGather(run))];
        _alone = Table(tables[0]);
        _collided = Table(tables[Math.Min(1, tables.Count - 1)]);
        _crowded = Table(tables[^1]);
    }

    /// <summary>Maps codes whose first begins a run; a partner past the end counts as zero.</summary>
    /// <param name="codes">Codes.</param>
    /// <param name="d">Result, as many as codes; it may not overlap <paramref name="codes"/>.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    [SkipLocalsInit]
    public void Map(ReadOnlySpan<byte> codes, Span<byte> d)
    {
        if (codes.Length != d.Length) throw new ArgumentException($"{codes.Length} codes cannot become {d.Length} results", nameof(d));
        d.Clear();
        foreach (var partner in _partners) partner.CountActive(codes, d);
        Span<byte> mapped = stackalloc byte[3 * ChunkLength];
        for (var start = 0; start < codes.Length; start += ChunkLength)
        {
            var chunk = codes.Slice(start, Math.Min(ChunkLength, codes.Length - start));
            var alone = Look(chunk, _alone, mapped);
            var collided = ReferenceEquals(_collided, _alone) ? alone : Look(chunk, _collided, mapped[ChunkLength..]);
            var crowded = ReferenceEquals(_crowded, _collided) ? collided : Look(chunk, _crowded, mapped[(2 * ChunkLength)..]);
            Select(alone, collided, crowded, d.Slice(start, chunk.Length));
        }
    }

    /// <summary>The table, or null for the identity.</summary>
    internal static byte[]? Table(byte[] table)
    {
        for (var i = 0; i < table.Length; i++)
        {
            if (table[i] != i) return table;
        }

        return null;
    }

    private static ReadOnlySpan<byte> Look(ReadOnlySpan<byte> codes, byte[]? table, Span<byte> mapped)
    {
        if (table is null) return codes;
        mapped = mapped[..codes.Length];
        TableLookup.Map(codes, table, mapped);
        return mapped;
    }

    /// <summary>Replaces the counts in <paramref name="d"/> by one of three codes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Select(ReadOnlySpan<byte> alone, ReadOnlySpan<byte> collided, ReadOnlySpan<byte> crowded, Span<byte> d)
    {
        var i = 0;
        fixed (byte* a = alone, b = collided, c = crowded, pd = d)
        {
            for (; Cpu.HasAvx2 && i + Vector256<byte>.Count <= d.Length; i += Vector256<byte>.Count)
            {
                var count = Vector256.Load(pd + i);
                var busy = Vector256.ConditionalSelect(Vector256.Equals(count, Vector256<byte>.One), Vector256.Load(b + i), Vector256.Load(c + i));
                Vector256.ConditionalSelect(Vector256.Equals(count, Vector256<byte>.Zero), Vector256.Load(a + i), busy).Store(pd + i);
            }

            for (; Cpu.HasVector128 && i + Vector128<byte>.Count <= d.Length; i += Vector128<byte>.Count)
            {
                var count = Vector128.Load(pd + i);
                var busy = Vector128.ConditionalSelect(Vector128.Equals(count, Vector128<byte>.One), Vector128.Load(b + i), Vector128.Load(c + i));
                Vector128.ConditionalSelect(Vector128.Equals(count, Vector128<byte>.Zero), Vector128.Load(a + i), busy).Store(pd + i);
            }
        }

        for (; i < d.Length; i++) d[i] = d[i] switch { 0 => alone[i], 1 => collided[i], _ => crowded[i] };
    }
}
