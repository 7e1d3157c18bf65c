namespace Subbyte.Methods;

public sealed partial class MethodRegistry
{
    /// <summary>One line a method: this list is all that the product knows of its methods.</summary>
    private static IEnumerable<MethodDescriptor> BuiltIn() =>
    [
        Settings.EndLayersSetting.Descriptor,
        Settings.BatchNormSetting.Descriptor,
    ];
}
