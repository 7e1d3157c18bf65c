namespace Subbyte.Networks.Execution;

/// <summary>The order in which a value's elements lie in memory.</summary>
public enum Layout
{
    /// <summary>As ONNX says: row-major over the logical dimensions (N, C, spatial…).</summary>
    RowMajor,

    /// <summary>Channels innermost (N, spatial…, C): what convolutions and pooling work on.</summary>
    ChannelsLast,
}
