using Subbyte.Hardware.Arrays;

namespace Subbyte.Hardware.Tests;

/// <summary>Small random arrays and products, for models that visit every element in every cycle.</summary>
internal static class RandomShapes
{
    public static Dataflow Dataflow(this Random random) => (Dataflow)random.Next(3);

    public static ArraySize Array(this Random random, int largest) => new(random.Next(1, largest + 1), random.Next(1, largest + 1));

    public static MatrixShape Shape(this Random random, int largest)
        => new(random.Next(1, largest + 1), random.Next(1, largest + 1), random.Next(1, largest + 1));

    public static short[,] Codes(this Random random, long rows, long columns, int lowest, int highest, double zeros)
    {
        var codes = new short[rows, columns];
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++) codes[row, column] = random.NextDouble() < zeros ? (short)0 : (short)random.Next(lowest, highest + 1);
        }

        return codes;
    }
}
