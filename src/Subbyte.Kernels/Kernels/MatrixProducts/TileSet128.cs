using System.Runtime.CompilerServices;

namespace Subbyte.Kernels;

/// <summary>The tiles of 128-bit vectors for one operator: a panel is multiplied in two halves.</summary>
/// <typeparam name="TOperator">One step of the sum.</typeparam>
internal readonly struct TileSet128<TOperator> : ITileSet where TOperator : ITileOperator128
{
    /// <inheritdoc/>
    public static int Rows => 6;

    /// <inheritdoc/>
    public static int Panels => 1;

    /// <inheritdoc/>
    public static int PanelsOfOneRow => 2;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void Run(int rows, int panels, ref Tile tile)
    {
        if (panels == PanelsOfOneRow)
        {
            Tile128.RunRow<TOperator>(ref tile);
            return;
        }
        Run(rows, ref tile);
        tile.W += Panel.Width / 2;
        tile.C += Panel.Width / 2;
        Run(rows, ref tile);
        tile.W -= Panel.Width / 2;
        tile.C -= Panel.Width / 2;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run(int rows, ref Tile tile)
    {
        switch (rows)
        {
            case 1: Tile128.Run<TOperator, One>(ref tile); break;
            case 2: Tile128.Run<TOperator, Two>(ref tile); break;
            case 3: Tile128.Run<TOperator, Three>(ref tile); break;
            case 4: Tile128.Run<TOperator, Four>(ref tile); break;
            case 5: Tile128.Run<TOperator, Five>(ref tile); break;
            case 6: Tile128.Run<TOperator, Six>(ref tile); break;
        }
    }
}
