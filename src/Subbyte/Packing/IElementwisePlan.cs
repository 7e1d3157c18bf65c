namespace Subbyte.Packing;

/// <summary>A planned node each of whose results depends on one element of each operand alone.</summary>
internal interface IElementwisePlan;
