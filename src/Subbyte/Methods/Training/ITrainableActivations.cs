using Subbyte.Onnx.Export;

namespace Subbyte.Methods.Training;

/// <summary>
/// A trainable quantizer of a layer's input, [position][channel] of some samples, all channels of all groups. The engine calls it for one block
/// of samples after the other, perhaps at once; parameter gradients of the blocks are combined in their order.
/// </summary>
public interface ITrainableActivations : ITrainableQuantizer
{
    /// <summary>Writes the forward pass in ONNX's ordinary operators (<see cref="CodeGraph.Add"/> only), bit for bit.</summary>
    /// <param name="graph">Takes the operators.</param>
    /// <param name="input">Name of the value that is quantized.</param>
    /// <param name="shape">The feature map.</param>
    /// <param name="parameters">The trained parameters.</param>
    /// <returns>Name of the quantized value, real numbers in float32.</returns>
    string Express(CodeGraph graph, string input, CodeShape shape, IReadOnlyList<float[]> parameters);
}
