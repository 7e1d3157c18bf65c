namespace Subbyte.Data;

/// <summary>A named part of a data set.</summary>
public enum DataSplit
{
    /// <summary>What is evaluated.</summary>
    Test,

    /// <summary>What is trained or calibrated on.</summary>
    Train,

    /// <summary>What choices are made on, where a set has three parts.</summary>
    Valid,
}
