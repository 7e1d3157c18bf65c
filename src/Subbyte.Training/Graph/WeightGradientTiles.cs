using Subbyte.Kernels;

namespace Subbyte.Training;

/// <summary>The gradient <c>dW = dYᵀ·X</c> of weights [output][input] over all rows of a batch, in parts that can be computed at once.</summary>
/// <param name="outputs">Number of outputs.</param>
/// <param name="inputs">Number of inputs.</param>
internal sealed class WeightGradientTiles(int outputs, int inputs)
{
    private const int TileInputs = 256;

    // Whole tiles of twelve outputs; many enough that packing the inputs' part costs little.
    private const int TileOutputs = 240;

    private readonly int _across = (inputs + TileInputs - 1) / TileInputs;

    /// <summary>Number of parts.</summary>
    public int Count => _across * ((outputs + TileOutputs - 1) / TileOutputs);

    /// <summary>Packed scratch that a part takes.</summary>
    /// <param name="rows">Rows of the largest batch.</param>
    public int ScratchPanels(int rows) => PackedFloatMatrix.PanelElements(Math.Min(TileInputs, inputs), rows);

    /// <summary>Computes a part.</summary>
    /// <param name="tile">Which one.</param>
    /// <param name="outputGradient">dY, row-major.</param>
    /// <param name="values">X, row-major.</param>
    /// <param name="rows">Rows of both.</param>
    /// <param name="scratch">The worker's memory.</param>
    /// <param name="gradient">Takes the part of dW.</param>
    public void Run(int tile, ReadOnlySpan<float> outputGradient, ReadOnlySpan<float> values, int rows, Scratch scratch, Span<float> gradient)
    {
        var (down, across) = Math.DivRem(tile, _across);
        var (output, input) = (down * TileOutputs, across * TileInputs);
        scratch.Panels.FillTransposed(values[input..], inputs, Math.Min(TileInputs, inputs - input), rows);
        OuterProducts.Multiply(outputGradient[output..], outputs, Math.Min(TileOutputs, outputs - output), scratch.Panels, gradient[((output * inputs) + input)..], inputs);
    }
}
