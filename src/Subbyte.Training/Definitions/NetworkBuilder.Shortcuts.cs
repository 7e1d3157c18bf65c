using Subbyte.Tensors;

namespace Subbyte.Training;

public sealed partial class NetworkBuilder
{
    /// <summary>
    /// Adds the way around a residual block: the value itself, or every <paramref name="stride"/>-th pixel with channels of zeros around it (option A of
    /// He et al., "Deep residual learning", CVPR 2016): <c>NAME.slice</c> and <c>NAME.pad</c>.
    /// </summary>
    /// <param name="name">Beginning of the nodes' names.</param>
    /// <param name="input">What the block reads: [channels, height, width].</param>
    /// <param name="outputs">Channels of the block's output, at least as many.</param>
    /// <param name="stride">Stride of the block.</param>
    /// <returns>A value of the block's output shape.</returns>
    public LayerValue Shortcut(string name, LayerValue input, int outputs, int stride)
    {
        ArgumentNullException.ThrowIfNull(input);
        var value = input;
        if (stride > 1)
        {
            string[] inputs =
            [
                input.Name, Integers(name, "starts", 0, 0), Integers(name, "ends", int.MaxValue, int.MaxValue), Integers(name, "axes", 2, 3), Integers(name, "steps", stride, stride),
            ];
            value = Add($"{name}.slice", "Slice", inputs, [input.Shape[0], Shrink(input.Shape[1]), Shrink(input.Shape[2])]);
        }

        var added = outputs - input.Shape[0];
        if (added == 0) return value;
        var pads = Integers(name, "pads", 0, added / 2, 0, 0, 0, added - (added / 2), 0, 0);
        return Add($"{name}.pad", "Pad", [value.Name, pads], [outputs, .. value.Shape.Skip(1)]);

        int Shrink(int size) => (size + stride - 1) / stride;
    }

    /// <summary>
    /// Adds the way around a residual block without any product: a maximum over windows where the size changes, and channels of zeros behind the others:
    /// <c>NAME.max</c> and <c>NAME.pad</c>.
    /// </summary>
    /// <param name="name">Beginning of the nodes' names.</param>
    /// <param name="input">What the block reads: [channels, height, width].</param>
    /// <param name="outputs">Channels of the block's output, at least as many.</param>
    /// <param name="stride">Stride of the block.</param>
    /// <returns>A value of the block's output shape, sizes rounded down.</returns>
    public LayerValue PooledShortcut(string name, LayerValue input, int outputs, int stride)
    {
        ArgumentNullException.ThrowIfNull(input);
        var value = stride > 1 ? MaxPool($"{name}.max", input, stride) : input;
        var added = outputs - input.Shape[0];
        return added == 0 ? value : Add($"{name}.pad", "Pad", [value.Name, Integers(name, "pads", 0, 0, 0, 0, 0, added, 0, 0)], [outputs, .. value.Shape.Skip(1)]);
    }

    /// <summary>Adds a PReLU: a trained slope a channel below 0.</summary>
    /// <param name="name">Name of the node.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="slope">Slope to begin with.</param>
    /// <returns>Its output.</returns>
    public LayerValue PRelu(string name, LayerValue input, float slope = 0.25f)
    {
        ArgumentNullException.ThrowIfNull(input);
        var channels = input.Shape[0];
        int[] perChannel = [channels, .. Enumerable.Repeat(1, input.Shape.Count - 1)];
        return Add(name, "PRelu", [input.Name, Keep($"{name}.slope", Tensor.Of<float>(Enumerable.Repeat(slope, channels).ToArray(), perChannel))], input.Shape);
    }

    /// <summary>Adds a mean over windows that do not overlap.</summary>
    /// <param name="name">Name of the node.</param>
    /// <param name="input">What it reads: [channels, height, width].</param>
    /// <param name="size">Height and width of the window.</param>
    /// <returns>Its output.</returns>
    public LayerValue AveragePool(string name, LayerValue input, int size) => Pool(name, "AveragePool", input, size);

    /// <summary>Adds a dropout, which exists in training alone.</summary>
    /// <param name="name">Name of the node.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="ratio">Probability of a zero, 0 ≤ ratio &lt; 1.</param>
    /// <returns>Its output.</returns>
    public LayerValue Dropout(string name, LayerValue input, float ratio)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Add(name, "Dropout", [input.Name, Keep($"{name}.ratio", Tensor.Of<float>([ratio]))], input.Shape);
    }

    private string Integers(string layer, string role, params ReadOnlySpan<long> values) => Keep($"{layer}.{role}", Tensor.Of<long>(values.ToArray(), values.Length));
}
