namespace Subbyte.Prediction;

/// <summary>Sizes of one sample's feature map.</summary>
/// <param name="Channels">Channels.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
public readonly record struct MapShape(int Channels, int Height, int Width)
{
    /// <summary>Positions of one channel.</summary>
    public int Positions => Height * Width;

    /// <summary>Elements.</summary>
    public int Length => Positions * Channels;
}
