using System.Runtime.CompilerServices;

namespace Subbyte.Kernels;

/// <summary>The tiles of 256-bit vectors for one operator.</summary>
/// <typeparam name="TOperator">One step of the sum.</typeparam>
internal readonly struct TileSet256<TOperator> : ITileSet where TOperator : ITileOperator256
{
    /// <inheritdoc/>
    public static int Rows => 6;

    /// <inheritdoc/>
    public static int Panels => 1;

    /// <inheritdoc/>
    public static int PanelsOfOneRow => 4;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(int rows, int panels, ref Tile tile)
    {
        switch (rows)
        {
            case 1 when panels == PanelsOfOneRow: Tile256.RunRow<TOperator>(ref tile); break;
            case 1: Tile256.Run<TOperator, One>(ref tile); break;
            case 2: Tile256.Run<TOperator, Two>(ref tile); break;
            case 3: Tile256.Run<TOperator, Three>(ref tile); break;
            case 4: Tile256.Run<TOperator, Four>(ref tile); break;
            case 5: Tile256.Run<TOperator, Five>(ref tile); break;
            case 6: Tile256.Run<TOperator, Six>(ref tile); break;
        }
    }
}

/// <summary>The tiles of 512-bit vectors for one operator.</summary>
/// <typeparam name="TOperator">One step of the sum.</typeparam>
internal readonly struct TileSet512<TOperator> : ITileSet where TOperator : ITileOperator512
{
    /// <inheritdoc/>
    public static int Rows => 12;

    /// <inheritdoc/>
    public static int Panels => 2;

    /// <inheritdoc/>
    public static int PanelsOfOneRow => 4;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(int rows, int panels, ref Tile tile)
    {
        if (panels == PanelsOfOneRow) Tile512.RunRow<TOperator>(ref tile);
        else if (panels == Panels) Run<Two>(rows, ref tile);
        else Run<One>(rows, ref tile);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TPanels>(int rows, ref Tile tile) where TPanels : ICount
    {
        switch (rows)
        {
            case 1: Tile512.Run<TOperator, One, TPanels>(ref tile); break;
            case 2: Tile512.Run<TOperator, Two, TPanels>(ref tile); break;
            case 3: Tile512.Run<TOperator, Three, TPanels>(ref tile); break;
            case 4: Tile512.Run<TOperator, Four, TPanels>(ref tile); break;
            case 5: Tile512.Run<TOperator, Five, TPanels>(ref tile); break;
            case 6: Tile512.Run<TOperator, Six, TPanels>(ref tile); break;
            case 7: Tile512.Run<TOperator, Seven, TPanels>(ref tile); break;
            case 8: Tile512.Run<TOperator, Eight, TPanels>(ref tile); break;
            case 9: Tile512.Run<TOperator, Nine, TPanels>(ref tile); break;
            case 10: Tile512.Run<TOperator, Ten, TPanels>(ref tile); break;
            case 11: Tile512.Run<TOperator, Eleven, TPanels>(ref tile); break;
            case 12: Tile512.Run<TOperator, Twelve, TPanels>(ref tile); break;
        }
    }
}
