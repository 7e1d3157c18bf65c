namespace Subbyte.Data;

/// <summary>Samples that are both calibrated on and evaluated flatter the result; they are found by content, whatever file they come from.</summary>
public static class CalibrationOverlap
{
    /// <summary>Natural sets hold a few samples twice (CIFAR-10 does); more than one in this many is no accident.</summary>
    private const int Accident = 20;

    /// <summary>Looks for samples that are calibrated on and evaluated.</summary>
    /// <param name="evaluated">The evaluated samples.</param>
    /// <param name="calibration">The samples that are really calibrated on.</param>
    /// <param name="stated">Whether a workload says itself that there are such samples.</param>
    /// <returns>A line to be printed, or <see langword="null"/> when there is none.</returns>
    /// <exception cref="UserErrorException">There are many, and nobody said so.</exception>
    public static string? Check(DataSet evaluated, DataSet calibration, bool stated)
    {
        var shared = calibration.CountSharedSamples(evaluated);
        if (shared == 0) return null;
        var what = $"{shared} of the {calibration.Count} calibration samples are also evaluated";
        return stated || shared * Accident <= calibration.Count
            ? what
            : throw new UserErrorException($"{what} ({calibration.Spec} and {evaluated.Spec}); calibrate on other records, for example the training split");
    }
}
