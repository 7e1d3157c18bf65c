namespace Subbyte.Methods;

public sealed partial class MethodRegistry
{
    /// <summary>One line a method: this list is all that the product knows of its methods.</summary>
    private static IEnumerable<MethodDescriptor> BuiltIn() =>
    [
        Uniform.UniformMethod.Int8,
        Uniform.UniformMethod.Int4,
        Uniform.UniformMethod.Uniform,
        FixedPoint.FixedPointMethod.Descriptor,
        Logarithmic.LogarithmicMethod.Descriptor,
        OneHot.OneHotMethod.OneHot,
        OneHot.OneHotMethod.KHot,
        TermSerial.TermSerialDatapath.DaDianNao,
        TermSerial.TermSerialDatapath.BitPragmatic,
        TermSerial.TermSerialDatapath.Laconic,
        Sparq.SparqMethod.Descriptor,
        NbSmt.NbSmtMethod.Descriptor,
        TermRevealing.TermRevealingMethod.Descriptor,
        CrossNeuron.CrossNeuronPredictor.Descriptor,
        Zap.ZapPass.Descriptor,
        Fpec.FpecMethod.Descriptor,
        BitSplit.BitSplitMethod.Descriptor,
        Gptq.GptqMethod.Descriptor,
        AdaRound.AdaRoundMethod.Descriptor,
        Sttn.SttnMethod.Descriptor,
        SiBnn.SiBnnMethod.Descriptor,
        Mlt.MltMethod.Descriptor,
        HardThreshold.TwnMethod.Descriptor,
        HardThreshold.TtqMethod.Descriptor,
        MultiLevelBinary.MultiLevelBinaryMethod.Residual,
        MultiLevelBinary.MultiLevelBinaryMethod.AbcNet,
        MultiLevelBinary.MultiLevelBinaryMethod.LqNets,
        Lsq.LsqMethod.Descriptor,
        Dorefa.DorefaMethod.Descriptor,
        Kure.KureMethod.Descriptor,
        Binary.BinaryNetMethod.BinaryConnect,
        Binary.BinaryNetMethod.XnorNet,
        Equalization.EqualizePass.Descriptor,
        BiasCorrection.BiasCorrectionPass.Descriptor,
        OutputCorrection.OutputCorrectionPass.Descriptor,
        BatchNormRecalibration.BatchNormRecalibrationPass.Descriptor,
        Pruning.PrunePass.Descriptor,
        Settings.EndLayersSetting.Descriptor,
        Settings.BatchNormSetting.Descriptor,
    ];
}
