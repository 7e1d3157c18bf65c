using Subbyte.Calibration;

namespace Subbyte.Experiments.Reproduction;

/// <summary>What experiments of a group or of a whole list share; what one does not say itself it takes from its group, and the group from the list.</summary>
public record ExperimentSettings
{
    /// <summary>The workload.</summary>
    public string? Workload { get; set; }

    /// <summary>Calibration samples; <see cref="Calibrator.DefaultSamples"/> when nobody says.</summary>
    public int? CalibrationSamples { get; set; }

    /// <summary>Which of the workload's calibration records are used, such as <c>0-/126</c> (every 126th); null for the first ones.</summary>
    public string? CalibrationRecords { get; set; }

    /// <summary>Other data to calibrate on than the workload's, such as later records of the evaluated file.</summary>
    public string? Calibrate { get; set; }

    /// <summary>Only the first samples, or null for all.</summary>
    public int? Limit { get; set; }

    /// <summary>Samples on which costs that depend on data, and figures of layers, are counted; null for the usual number.</summary>
    public int? CostSamples { get; set; }

    /// <summary>Calibration patches of a layer, for <see cref="Measure.WeightError"/>.</summary>
    public int? Patches { get; set; }

    /// <summary>A step that is added to every recipe, such as <c>ends:keep=float</c>; empty for none.</summary>
    public string? With { get; set; }

    /// <summary>What is measured.</summary>
    public Measure? Measure { get; set; }

    /// <summary>Name of the operation, for <see cref="Reproduction.Measure.Operation"/>.</summary>
    public string? Operation { get; set; }

    /// <summary>Name of the operation that it is a share of, or null.</summary>
    public string? Per { get; set; }

    /// <summary>The recipe whose inputs and sums the figures of layers are measured on.</summary>
    public string? Exact { get; set; }

    /// <summary>How figures of layers become one.</summary>
    public Across? Across { get; set; }

    /// <summary>How far a figure may lie from the expected one.</summary>
    public double? Tolerance { get; set; }

    /// <summary>The same in percent of the expected figure.</summary>
    public double? TolerancePercent { get; set; }

    /// <summary>What is missing to run the experiments, and how to get it; null where nothing is.</summary>
    public string? Missing { get; set; }

    /// <summary>
    /// A training recipe: the experiment trains a network, and its recipes are training methods, each followed by a bar and a recipe for the trained network where one is applied
    /// (<c>kure | uniform:w=3</c>).
    /// </summary>
    public string? Train { get; set; }

    /// <summary>Seeds that are trained, 1 to this number; the figure is their mean. One when nobody says.</summary>
    public int? Seeds { get; set; }

    /// <summary>A recipe for the trained network whose figure is subtracted from every recipe's on that network: what is compared is a loss or a gain; null for none.</summary>
    public string? RelativeTo { get; set; }

    /// <summary>Epochs in place of the training recipe's.</summary>
    public int? Epochs { get; set; }

    /// <summary>Only the first samples of each set of the training.</summary>
    public int? TrainLimit { get; set; }

    /// <summary>Takes over what these settings do not say.</summary>
    /// <param name="outer">The settings around these.</param>
    internal void Inherit(ExperimentSettings outer)
    {
        Workload ??= outer.Workload;
        CalibrationSamples ??= outer.CalibrationSamples;
        CalibrationRecords ??= outer.CalibrationRecords;
        Calibrate ??= outer.Calibrate;
        Limit ??= outer.Limit;
        CostSamples ??= outer.CostSamples;
        Patches ??= outer.Patches;
        With ??= outer.With;
        Measure ??= outer.Measure;
        Operation ??= outer.Operation;
        Per ??= outer.Per;
        Exact ??= outer.Exact;
        Across ??= outer.Across;
        if (Tolerance is null && TolerancePercent is null) (Tolerance, TolerancePercent) = (outer.Tolerance, outer.TolerancePercent);
        Missing ??= outer.Missing;
        Train ??= outer.Train;
        Seeds ??= outer.Seeds;
        RelativeTo ??= outer.RelativeTo;
        Epochs ??= outer.Epochs;
        TrainLimit ??= outer.TrainLimit;
    }
}
