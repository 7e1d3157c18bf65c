namespace Subbyte.Hardware.Arrays;

/// <summary>Which operand stays in the processing elements of a systolic array while the others pass by.</summary>
public enum Dataflow
{
    /// <summary>Each element keeps one output; activations come from the left, weights from above.</summary>
    OutputStationary,

    /// <summary>Each element keeps one weight; activations come from the left, partial sums go down.</summary>
    WeightStationary,

    /// <summary>Each element keeps one activation; weights come from the left, partial sums go down.</summary>
    InputStationary,
}

/// <summary>The short names of dataflows, as SCALE-Sim writes them.</summary>
public static class DataflowNames
{
    /// <summary>The short name.</summary>
    /// <param name="dataflow">The dataflow.</param>
    /// <returns><c>os</c>, <c>ws</c> or <c>is</c>.</returns>
    public static string Name(this Dataflow dataflow) => dataflow switch
    {
        Dataflow.OutputStationary => "os",
        Dataflow.WeightStationary => "ws",
        _ => "is",
    };

    /// <summary>Reads a short name.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The dataflow, or null when it is none.</returns>
    public static Dataflow? Find(string text) => text.Trim().ToLowerInvariant() switch
    {
        "os" => Dataflow.OutputStationary,
        "ws" => Dataflow.WeightStationary,
        "is" => Dataflow.InputStationary,
        _ => null,
    };
}
