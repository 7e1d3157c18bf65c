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
