using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Subbyte.Kernels;

/// <summary>
/// The difference between what two counts of busy partners make of a code, over planes: a partner's codes lie side by side at an offset of their own, as
/// in a <see cref="PlaneMap"/>. It is what NB-SMT corrects where some partners' weights are zero.
/// </summary>
public sealed class PartnerPlanes
{
    private const int ChunkLength = 1024;

    // By the number of busy partners: the table, null for the identity; equal ones are one object.
    private readonly byte[]?[] _tables;
    private readonly byte _shift;

    /// <summary>A difference.</summary>
    /// <param name="tables">Tables of 256 entries by the number of busy partners, one to three; the last holds for more.</param>
    /// <param name="shift">What is added to every difference, modulo 256.</param>
    /// <exception cref="ArgumentException">There is no table, or one has another length.</exception>
    public PartnerPlanes(IReadOnlyList<byte[]> tables, byte shift)
    {
        if (tables.Count is 0 or > 3 || tables.Any(table => table.Length != 256)) throw new ArgumentException("one to three tables of 256 entries are needed", nameof(tables));
        _tables = [.. Enumerable.Range(0, 3).Select(busy => tables.First(table => table.AsSpan().SequenceEqual(tables[Math.Min(busy, tables.Count - 1)])))];
        for (var i = 0; i < _tables.Length; i++) _tables[i] = PartnerMap.Table(_tables[i]!);
        _shift = shift;
    }

    /// <summary>Writes <c>shift + T[seen partners that are not zero] − T[all partners that are not zero]</c>, both tables looked up by the code itself.</summary>
    /// <param name="planes">Codes.</param>
    /// <param name="own">Where the codes begin.</param>
    /// <param name="seen">Where those of the partners begin whose weights are not zero.</param>
    /// <param name="hidden">Where those of the other partners begin.</param>
    /// <param name="d">Result, one a code; it may not overlap the codes.</param>
    [SkipLocalsInit]
    public void Subtract(ReadOnlySpan<byte> planes, int own, ReadOnlySpan<int> seen, ReadOnlySpan<int> hidden, Span<byte> d)
    {
        Span<byte> scratch = stackalloc byte[5 * ChunkLength];
        for (var start = 0; start < d.Length; start += ChunkLength)
        {
            var length = Math.Min(ChunkLength, d.Length - start);
            var codes = planes.Slice(own + start, length);
            Span<byte> few = scratch[..length], all = scratch.Slice(ChunkLength, length);
            few.Clear();
            foreach (var partner in seen) CountBusy(planes.Slice(partner + start, length), few);
            few.CopyTo(all);
            foreach (var partner in hidden) CountBusy(planes.Slice(partner + start, length), all);
            var alone = Look(codes, _tables[0], scratch.Slice(2 * ChunkLength, length));
            var collided = _tables[1] == _tables[0] ? alone : Look(codes, _tables[1], scratch.Slice(3 * ChunkLength, length));
            var crowded = _tables[2] == _tables[1] ? collided : _tables[2] == _tables[0] ? alone : Look(codes, _tables[2], scratch.Slice(4 * ChunkLength, length));
            Choose(few, all, alone, collided, crowded, d.Slice(start, length));
        }
    }

    private static ReadOnlySpan<byte> Look(ReadOnlySpan<byte> codes, byte[]? table, Span<byte> mapped)
    {
        if (table is null) return codes;
        TableLookup.Map(codes, table, mapped);
        return mapped;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void CountBusy(ReadOnlySpan<byte> codes, Span<byte> counts)
    {
        nint i = 0;
        fixed (byte* from = codes, to = counts)
        {
            for (; Cpu.HasAvx512 && i + Vector512<byte>.Count <= counts.Length; i += Vector512<byte>.Count)
                (Vector512.Load(to + i) + Vector512.Min(Vector512.Load(from + i), Vector512<byte>.One)).Store(to + i);
            for (; Cpu.HasAvx2 && i + Vector256<byte>.Count <= counts.Length; i += Vector256<byte>.Count)
                (Vector256.Load(to + i) + Vector256.Min(Vector256.Load(from + i), Vector256<byte>.One)).Store(to + i);
            for (; Cpu.HasVector128 && i + Vector128<byte>.Count <= counts.Length; i += Vector128<byte>.Count)
                (Vector128.Load(to + i) + Vector128.Min(Vector128.Load(from + i), Vector128<byte>.One)).Store(to + i);
            for (; i < counts.Length; i++) to[i] += Math.Min(from[i], (byte)1);
        }
    }

    private unsafe void Choose(ReadOnlySpan<byte> few, ReadOnlySpan<byte> all, ReadOnlySpan<byte> alone, ReadOnlySpan<byte> collided, ReadOnlySpan<byte> crowded, Span<byte> d)
    {
        fixed (byte* pf = few, pa = all, p0 = alone, p1 = collided, p2 = crowded, pd = d)
            Choose(pf, pa, p0, p1, p2, pd, d.Length);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void Choose(byte* few, byte* all, byte* alone, byte* collided, byte* crowded, byte* d, nint length)
    {
        nint i = 0;
        for (; Cpu.HasAvx512 && i + Vector512<byte>.Count <= length; i += Vector512<byte>.Count)
        {
            Vector512<byte> t0 = Vector512.Load(alone + i), t1 = Vector512.Load(collided + i), t2 = Vector512.Load(crowded + i), f = Vector512.Load(few + i), a = Vector512.Load(all + i);
            (Vector512.Create(_shift) + Entry512(f, t0, t1, t2) - Entry512(a, t0, t1, t2)).Store(d + i);
        }

        for (; Cpu.HasAvx2 && i + Vector256<byte>.Count <= length; i += Vector256<byte>.Count)
        {
            Vector256<byte> t0 = Vector256.Load(alone + i), t1 = Vector256.Load(collided + i), t2 = Vector256.Load(crowded + i), f = Vector256.Load(few + i), a = Vector256.Load(all + i);
            (Vector256.Create(_shift) + Entry256(f, t0, t1, t2) - Entry256(a, t0, t1, t2)).Store(d + i);
        }

        for (; Cpu.HasVector128 && i + Vector128<byte>.Count <= length; i += Vector128<byte>.Count)
        {
            Vector128<byte> t0 = Vector128.Load(alone + i), t1 = Vector128.Load(collided + i), t2 = Vector128.Load(crowded + i), f = Vector128.Load(few + i), a = Vector128.Load(all + i);
            (Vector128.Create(_shift) + Entry128(f, t0, t1, t2) - Entry128(a, t0, t1, t2)).Store(d + i);
        }

        for (; i < length; i++) d[i] = unchecked((byte)(_shift + (few[i] == 0 ? alone : few[i] == 1 ? collided : crowded)[i] - (all[i] == 0 ? alone : all[i] == 1 ? collided : crowded)[i]));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Entry512(Vector512<byte> busy, Vector512<byte> t0, Vector512<byte> t1, Vector512<byte> t2)
        => Vector512.ConditionalSelect(Vector512.Equals(busy, Vector512<byte>.Zero), t0, Vector512.ConditionalSelect(Vector512.Equals(busy, Vector512<byte>.One), t1, t2));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Entry256(Vector256<byte> busy, Vector256<byte> t0, Vector256<byte> t1, Vector256<byte> t2)
        => Vector256.ConditionalSelect(Vector256.Equals(busy, Vector256<byte>.Zero), t0, Vector256.ConditionalSelect(Vector256.Equals(busy, Vector256<byte>.One), t1, t2));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Entry128(Vector128<byte> busy, Vector128<byte> t0, Vector128<byte> t1, Vector128<byte> t2)
        => Vector128.ConditionalSelect(Vector128.Equals(busy, Vector128<byte>.Zero), t0, Vector128.ConditionalSelect(Vector128.Equals(busy, Vector128<byte>.One), t1, t2));
}
