using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Subbyte.Kernels;

// Fourteen independent chains hide every latency. Each product takes its own sum as an operand, or the JIT would move it out of the loop.
public static partial class Peak
{
    /// <summary>The bits of 1f: operands near it, so that no subnormal number slows the float chains.</summary>
    private const int One = 0x3F80_0000;

    private const int PageBytes = 4096;

    private interface IStep256
    {
        static abstract int Macs { get; }

        static abstract Vector256<int> Step(Vector256<int> s, Vector256<int> w);
    }

    private readonly struct Loop256<TStep> : ILoop where TStep : IStep256
    {
        public static int MacsPerIteration => 14 * TStep.Macs;

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public static int Run(int iterations)
        {
            Vector256<int> a = Vector256.Create(iterations | One), w = Vector256.Create((iterations ^ 1) | One);
            Vector256<int> s0 = a, s1 = a, s2 = a, s3 = a, s4 = a, s5 = a, s6 = a;
            Vector256<int> s7 = a, s8 = a, s9 = a, s10 = a, s11 = a, s12 = a, s13 = a;
            for (; iterations > 0; iterations--)
            {
                s0 = TStep.Step(s0, w);
                s1 = TStep.Step(s1, w);
                s2 = TStep.Step(s2, w);
                s3 = TStep.Step(s3, w);
                s4 = TStep.Step(s4, w);
                s5 = TStep.Step(s5, w);
                s6 = TStep.Step(s6, w);
                s7 = TStep.Step(s7, w);
                s8 = TStep.Step(s8, w);
                s9 = TStep.Step(s9, w);
                s10 = TStep.Step(s10, w);
                s11 = TStep.Step(s11, w);
                s12 = TStep.Step(s12, w);
                s13 = TStep.Step(s13, w);
            }
            return (s0 ^ s1 ^ s2 ^ s3 ^ s4 ^ s5 ^ s6 ^ s7 ^ s8 ^ s9 ^ s10 ^ s11 ^ s12 ^ s13).ToScalar();
        }
    }

    private interface IStep512
    {
        static abstract int Macs { get; }

        static abstract Vector512<int> Step(Vector512<int> s, Vector512<int> w);
    }

    private readonly struct Loop512<TStep> : ILoop where TStep : IStep512
    {
        public static int MacsPerIteration => 14 * TStep.Macs;

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public static int Run(int iterations)
        {
            Vector512<int> a = Vector512.Create(iterations | One), w = Vector512.Create((iterations ^ 1) | One);
            Vector512<int> s0 = a, s1 = a, s2 = a, s3 = a, s4 = a, s5 = a, s6 = a;
            Vector512<int> s7 = a, s8 = a, s9 = a, s10 = a, s11 = a, s12 = a, s13 = a;
            for (; iterations > 0; iterations--)
            {
                s0 = TStep.Step(s0, w);
                s1 = TStep.Step(s1, w);
                s2 = TStep.Step(s2, w);
                s3 = TStep.Step(s3, w);
                s4 = TStep.Step(s4, w);
                s5 = TStep.Step(s5, w);
                s6 = TStep.Step(s6, w);
                s7 = TStep.Step(s7, w);
                s8 = TStep.Step(s8, w);
                s9 = TStep.Step(s9, w);
                s10 = TStep.Step(s10, w);
                s11 = TStep.Step(s11, w);
                s12 = TStep.Step(s12, w);
                s13 = TStep.Step(s13, w);
            }
            return (s0 ^ s1 ^ s2 ^ s3 ^ s4 ^ s5 ^ s6 ^ s7 ^ s8 ^ s9 ^ s10 ^ s11 ^ s12 ^ s13).ToScalar();
        }
    }

    private readonly struct Fma256 : IStep256
    {
        public static int Macs => 8;

        public static Vector256<int> Step(Vector256<int> s, Vector256<int> w)
            => Fma.MultiplyAdd(s.AsSingle(), w.AsSingle(), s.AsSingle()).AsInt32();
    }

    private readonly struct Fma512 : IStep512
    {
        public static int Macs => 16;

        public static Vector512<int> Step(Vector512<int> s, Vector512<int> w)
            => Avx512F.FusedMultiplyAdd(s.AsSingle(), w.AsSingle(), s.AsSingle()).AsInt32();
    }

    private readonly struct Vnni256 : IStep256
    {
        public static int Macs => 32;

        public static Vector256<int> Step(Vector256<int> s, Vector256<int> w)
            => AvxVnni.MultiplyWideningAndAdd(s, s.AsByte(), w.AsSByte());
    }

    private readonly struct SafeChain256 : IStep256
    {
        public static int Macs => 32;

        public static Vector256<int> Step(Vector256<int> s, Vector256<int> w)
            => Avx2.Add(s, Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(s.AsByte(), w.AsSByte()), w.AsInt16()));
    }

    private readonly struct ShortChain256 : IStep256
    {
        public static int Macs => 32;

        public static Vector256<int> Step(Vector256<int> s, Vector256<int> w)
            => Avx2.Add(s.AsInt16(), Avx2.MultiplyAddAdjacent(s.AsByte(), w.AsSByte())).AsInt32();
    }

    private readonly struct TableSums512 : IStep512
    {
        public static int Macs => 96;

        public static Vector512<int> Step(Vector512<int> s, Vector512<int> w)
            => Avx512BW.Add(s.AsInt16(), Avx512BW.PermuteVar32x16(s.AsInt16(), w.AsInt16())).AsInt32();
    }

    private readonly struct ShortChain512 : IStep512
    {
        public static int Macs => 64;

        public static Vector512<int> Step(Vector512<int> s, Vector512<int> w)
            => Avx512BW.Add(s.AsInt16(), Avx512BW.MultiplyAddAdjacent(s.AsByte(), w.AsSByte())).AsInt32();
    }

    private readonly struct Int16Chain256 : IStep256
    {
        public static int Macs => 16;

        public static Vector256<int> Step(Vector256<int> s, Vector256<int> w)
            => Avx2.Add(s, Avx2.MultiplyAddAdjacent(s.AsInt16(), w.AsInt16()));
    }

    private readonly struct Int16Chain512 : IStep512
    {
        public static int Macs => 32;

        public static Vector512<int> Step(Vector512<int> s, Vector512<int> w)
            => Avx512F.Add(s, Avx512BW.MultiplyAddAdjacent(s.AsInt16(), w.AsInt16()));
    }

    private readonly struct Shuffle256 : IStep256
    {
        public static int Macs => 32;

        public static Vector256<int> Step(Vector256<int> s, Vector256<int> w) => Avx2.Shuffle(w.AsByte(), s.AsByte()).AsInt32();
    }

    private readonly struct Shuffle512 : IStep512
    {
        public static int Macs => 64;

        public static Vector512<int> Step(Vector512<int> s, Vector512<int> w) => Avx512BW.Shuffle(w.AsByte(), s.AsByte()).AsInt32();
    }

    private readonly struct Lookups256 : IStep256
    {
        public static int Macs => 4 * 32;

        public static Vector256<int> Step(Vector256<int> s, Vector256<int> w) => (s.AsByte() + Avx2.Shuffle(w.AsByte(), s.AsByte())).AsInt32();
    }

    private readonly struct Lookups512 : IStep512
    {
        public static int Macs => 6 * 64;

        public static Vector512<int> Step(Vector512<int> s, Vector512<int> w) => (s.AsByte() + Avx512Vbmi.PermuteVar64x8(w.AsByte(), s.AsByte())).AsInt32();
    }

    private readonly struct PopulationLoop : ILoop
    {
        public static int MacsPerIteration => 8 * 64;

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public static int Run(int iterations)
        {
            // A chain takes three cycles and as many operations: eight keep all ports busy.
            ulong x = (ulong)iterations, a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0;
            for (; iterations > 0; iterations--)
            {
                a += Popcnt.X64.PopCount(~(x ^ a));
                b += Popcnt.X64.PopCount(~(x ^ b));
                c += Popcnt.X64.PopCount(~(x ^ c));
                d += Popcnt.X64.PopCount(~(x ^ d));
                e += Popcnt.X64.PopCount(~(x ^ e));
                f += Popcnt.X64.PopCount(~(x ^ f));
                g += Popcnt.X64.PopCount(~(x ^ g));
                h += Popcnt.X64.PopCount(~(x ^ h));
            }
            return (int)(a + b + c + d + e + f + g + h);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static unsafe long Sum(ReadOnlySpan<byte> memory)
    {
        fixed (byte* bytes = memory)
        {
            var start = (long*)bytes;
            Vector256<long> a = default, b = default, c = default, d = default;
            for (long* p = start, end = start + (memory.Length / sizeof(long)); p < end; p += 4 * Vector256<long>.Count)
            {
                // A page ahead, where the machine's own prefetching does not look.
                if (Sse.IsSupported)
                {
                    Sse.Prefetch0((byte*)p + PageBytes);
                    Sse.Prefetch0((byte*)p + PageBytes + 64);
                }

                a += Vector256.Load(p);
                b += Vector256.Load(p + Vector256<long>.Count);
                c += Vector256.Load(p + (2 * Vector256<long>.Count));
                d += Vector256.Load(p + (3 * Vector256<long>.Count));
            }
            return Vector256.Sum(a + b + c + d);
        }
    }
}
