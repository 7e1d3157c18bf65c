using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Subbyte.Kernels;

/// <summary>
/// The 128-bit tiles of u8·s8 products for weights of few bits: a lane holds two sums of 16 bits. They are added to the 32-bit sums every
/// <see cref="Tile.StepsOfShortSum"/> steps, before they could wrap.
/// </summary>
internal readonly struct ShortTiles128 : ITileSet
{
    /// <inheritdoc/>
    public static int Rows => TileSet128<ShortSums>.Rows;

    /// <inheritdoc/>
    public static int Panels => 1;

    /// <inheritdoc/>
    public static int PanelsOfOneRow => 1;

    /// <inheritdoc/>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void Run(int rows, int panels, ref Tile tile)
    {
        var sums = stackalloc int[Rows * Panel.Width];
        var part = tile;
        part.C = sums;
        part.LdC = Panel.Width;
        part.Continues = false;
        part.Runs = 1;
        var continues = tile.Continues;
        for (var runs = tile.Runs; runs > 0; runs--, part.A += tile.Skip)
        {
            nint done = 0;
            do
            {
                part.Steps = Math.Min(tile.StepsOfShortSum, tile.Steps - done);
                TileSet128<ShortSums>.Run(rows, panels, ref part);
                Widen(sums, rows, tile.C, tile.LdC, continues);
                continues = true;
                done += part.Steps;
                part.A += part.Steps * sizeof(int);
                part.W += part.Steps * Panel.Width;
            }
            while (done < tile.Steps);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Widen(int* sums, int rows, int* c, nint ldc, bool continues)
    {
        for (var row = 0; row < rows; row++, c += ldc)
        {
            for (nint i = 0; i < Panel.Width; i += Vector128<int>.Count, sums += Vector128<int>.Count)
            {
                var pairs = Vector128.Load(sums);
                var sum = ((pairs << 16) >> 16) + (pairs >> 16);
                (continues ? Vector128.Load(c + i) + sum : sum).Store(c + i);
            }
        }
    }

    private readonly struct ShortSums : ITileOperator128
    {
        public static Vector128<int> Step(Vector128<int> sum, Vector128<int> a, Vector128<int> w)
            => (sum.AsInt16() + PairProducts.Sum(a.AsByte(), w.AsSByte())).AsInt32();
    }
}
