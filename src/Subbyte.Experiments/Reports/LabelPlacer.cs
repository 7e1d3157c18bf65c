namespace Subbyte.Experiments.Reports;

/// <summary>An upright rectangle in the coordinates of a drawing, y downwards.</summary>
/// <param name="Left">Left edge.</param>
/// <param name="Top">Upper edge.</param>
/// <param name="Right">Right edge.</param>
/// <param name="Bottom">Lower edge.</param>
internal readonly record struct Box(double Left, double Top, double Right, double Bottom)
{
    /// <summary>Whether two rectangles share an area.</summary>
    /// <param name="other">The other.</param>
    /// <returns>True when they do.</returns>
    public bool Overlaps(Box other) => Left < other.Right && other.Left < Right && Top < other.Bottom && other.Top < Bottom;

    /// <summary>Whether another rectangle lies within this one.</summary>
    /// <param name="other">The other.</param>
    /// <returns>True when it does.</returns>
    public bool Contains(Box other) => other.Left >= Left && other.Right <= Right && other.Top >= Top && other.Bottom <= Bottom;
}

/// <summary>
/// Finds free places for the labels of points, one after the other: the nearest of some places around the point that lies in the area, hits
/// no point and no label, and as few error bars as possible.
/// </summary>
/// <param name="area">Where labels may be.</param>
/// <param name="height">Height of a label.</param>
internal sealed class LabelPlacer(Box area, double height)
{
    private static readonly (double X, double Y)[] Directions =
    [
        (1, 0), (-1, 0), (0.8, -0.6), (-0.8, -0.6), (0.8, 0.6), (-0.8, 0.6), (0, -1), (0, 1), (0.5, -0.87), (-0.5, -0.87), (0.5, 0.87), (-0.5, 0.87),
    ];

    // A line through a label costs as much as this distance to the point.
    private const double Crossing = 16;

    private static readonly double[] Gaps = [8, 18, 30, 44, 60];

    private readonly List<Box> _taken = [];
    private readonly List<Box> _crossable = [];

    /// <summary>Keeps labels off a rectangle.</summary>
    /// <param name="box">The rectangle.</param>
    public void Take(Box box) => _taken.Add(box);

    /// <summary>Keeps labels off a rectangle where there is another place.</summary>
    /// <param name="box">The rectangle.</param>
    public void Avoid(Box box) => _crossable.Add(box);

    /// <summary>Places a label.</summary>
    /// <param name="x">The point.</param>
    /// <param name="y">The point.</param>
    /// <param name="width">Width of the label.</param>
    /// <param name="reach">Largest distance between point and label.</param>
    /// <param name="crossings">How many rectangles to avoid it may hit at most.</param>
    /// <returns>Where it is, now taken; null where no place is free.</returns>
    public Box? Place(double x, double y, double width, double reach, int crossings = int.MaxValue)
    {
        Box? best = null;
        var least = double.PositiveInfinity;
        foreach (var gap in Gaps.Where(gap => gap <= reach))
        {
            for (var i = 0; i < Directions.Length; i++)
            {
                var box = At(x, y, width, gap, Directions[i]);
                if (!area.Contains(box) || _taken.Exists(box.Overlaps)) continue;
                var crossed = _crossable.Count(box.Overlaps);
                var penalty = gap + i + (Crossing * crossed);
                if (crossed > crossings || penalty >= least) continue;
                (best, least) = (box, penalty);
            }
        }

        if (best is { } found) _taken.Add(found);
        return best;
    }

    private Box At(double x, double y, double width, double gap, (double X, double Y) direction)
    {
        // Sideways the label begins at the gap; straight above and below it is centred.
        var centreX = x + (gap * direction.X) + (Math.Abs(direction.X) < 0.1 ? 0 : Math.Sign(direction.X) * width / 2);
        var centreY = y + (gap * direction.Y) + (Math.Abs(direction.X) < 0.1 ? Math.Sign(direction.Y) * height / 4 : 0);
        return new Box(centreX - (width / 2), centreY - (height / 2), centreX + (width / 2), centreY + (height / 2));
    }
}
