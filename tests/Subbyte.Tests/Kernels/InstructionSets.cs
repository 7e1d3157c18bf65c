using Subbyte.Kernels;

namespace Subbyte.Tests.Kernels;

/// <summary>Runs a body once under each instruction set that this machine has.</summary>
internal static class InstructionSets
{
    public static void ForEach(Action<InstructionSet> body)
    {
        try
        {
            for (var set = InstructionSet.Scalar; set <= Cpu.Best; set++)
            {
                Cpu.Limit(set);
                body(set);
            }
        }
        finally
        {
            Cpu.Limit(InstructionSet.Avx512);
        }
    }
}

/// <summary>Tests that force an instruction set, which is a setting of the whole process, run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class InstructionSetCollection
{
    public const string Name = "instruction sets";
}
