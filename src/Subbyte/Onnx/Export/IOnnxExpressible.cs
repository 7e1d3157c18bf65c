namespace Subbyte.Onnx.Export;

/// <summary>What an encoder may know of the feature map that it encodes.</summary>
/// <param name="ChannelAxis">Axis of the channels.</param>
/// <param name="Channels">Channels, all groups together.</param>
/// <param name="ChannelsPerGroup">Channels of one group.</param>
/// <param name="AxesAfter">Axes after that of the channels.</param>
public sealed record CodeShape(int ChannelAxis, int Channels, int ChannelsPerGroup, int AxesAfter);

/// <summary>
/// An activation quantizer or code that can say what it does in ONNX's ordinary operators, over a whole feature map. Codes travel as
/// float32 tensors of integers.
/// </summary>
public interface IOnnxExpressible
{
    /// <summary>Adds the operators.</summary>
    /// <param name="graph">The graph to add to.</param>
    /// <param name="input">Name of the input value.</param>
    /// <param name="shape">The feature map.</param>
    /// <returns>Name of the encoded value.</returns>
    /// <exception cref="NotExpressibleException">It cannot be said for this feature map.</exception>
    string Express(CodeGraph graph, string input, CodeShape shape);
}

/// <summary>Something that ONNX's operators cannot say.</summary>
/// <param name="message">What, and why.</param>
public sealed class NotExpressibleException(string message) : Exception(message);
