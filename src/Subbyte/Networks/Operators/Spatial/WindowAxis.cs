namespace Subbyte.Networks.Operators;

/// <summary>
/// One spatial axis under a window: output <c>o</c> and kernel position <c>p</c> meet input <c>(o·Step + p·Tap + Offset) / Divisor</c>, where that
/// is whole and inside. A convolution steps by its stride; a transposed one divides by it.
/// </summary>
/// <param name="Input">Input positions.</param>
/// <param name="Kernel">Kernel positions.</param>
/// <param name="Output">Output positions.</param>
/// <param name="Step">Input positions from one output to the next.</param>
/// <param name="Tap">Input positions from one kernel position to the next.</param>
/// <param name="Offset">Input position of output 0 and kernel position 0.</param>
/// <param name="Divisor">Divisor.</param>
internal readonly record struct WindowAxis(int Input, int Kernel, int Output, int Step, int Tap, int Offset, int Divisor = 1)
{
    /// <summary>The input position of an output and a kernel position.</summary>
    /// <param name="output">Output position.</param>
    /// <param name="position">Kernel position.</param>
    /// <returns>The input position, or −1 where there is none.</returns>
    public int Source(int output, int position)
    {
        var coordinate = ((long)output * Step) + ((long)position * Tap) + Offset;
        if (Divisor > 1)
        {
            if (coordinate % Divisor != 0) return -1;
            coordinate /= Divisor;
        }

        return coordinate >= 0 && coordinate < Input ? (int)coordinate : -1;
    }
}
