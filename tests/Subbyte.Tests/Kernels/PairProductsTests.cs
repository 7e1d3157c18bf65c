using System.Runtime.Intrinsics;
using Subbyte.Kernels;

namespace Subbyte.Tests.Kernels;

/// <summary>The machine's instruction and the portable form give the scalar definition's sums.</summary>
public sealed class PairProductsTests
{
    [Fact]
    public void Signed_16_bit_pairs()
    {
        var random = new Random(1);
        for (var trial = 0; trial < 2000; trial++)
        {
            var (a, w) = (Draw(random), Draw(random));
            var expected = Vector128.Create([.. Enumerable.Range(0, 4).Select(i => (a[2 * i] * w[2 * i]) + (a[(2 * i) + 1] * w[(2 * i) + 1]))]);
            PairProducts.Sum(a, w).ShouldBe(expected);
            PairProducts.PortableSum(a, w).ShouldBe(expected);
        }
    }

    [Fact]
    public void Unsigned_by_signed_bytes_whose_sum_fits()
    {
        var random = new Random(2);
        for (var trial = 0; trial < 2000; trial++)
        {
            var a = Vector128.Create([.. Enumerable.Range(0, 16).Select(_ => (byte)(random.Next(4) == 0 ? 255 : random.Next(256)))]);
            var w = Vector128.Create([.. Enumerable.Range(0, 16).Select(_ => (sbyte)(random.Next(4) == 0 ? -64 : random.Next(-64, 65)))]);
            var expected = Vector128.Create([.. Enumerable.Range(0, 8).Select(i => (short)((a[2 * i] * w[2 * i]) + (a[(2 * i) + 1] * w[(2 * i) + 1])))]);
            PairProducts.Sum(a, w).ShouldBe(expected);
            PairProducts.PortableSum(a, w).ShouldBe(expected);
        }
    }

    private static Vector128<short> Draw(Random random) => Vector128.Create([.. Enumerable.Range(0, 8).Select(_ => (short)(random.Next(5) == 0 ? short.MinValue + 1 : random.Next(short.MinValue, short.MaxValue)))]);
}
