namespace Subbyte.Onnx.Export;

/// <summary>A mask over a feature map that can say what it does in ONNX's ordinary operators.</summary>
public interface IOnnxMask
{
    /// <summary>Adds the operators.</summary>
    /// <param name="graph">The graph to add to.</param>
    /// <param name="map">Name of the exact map [N, C, H, W].</param>
    /// <returns>Name of a truth value that is true where an element is kept; of the map's shape, or one that broadcasts to it.</returns>
    string Express(CodeGraph graph, string map);
}
