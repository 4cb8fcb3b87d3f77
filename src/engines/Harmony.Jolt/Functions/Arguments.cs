using Harmony.Jolt.Documents;

namespace Harmony.Jolt.Functions;

/// <summary>Reads arguments that must be of one kind.</summary>
internal static class Arguments
{
    /// <summary>Reads an integer of 32 bits that is written as a number.</summary>
    public static bool TryInt(DocValue value, out int number)
    {
        number = 0;
        if (!TryInteger(value, out var integer) || integer < int.MinValue || integer > int.MaxValue) return false;
        number = (int)integer;
        return true;
    }

    /// <summary>Reads an integer that is written as a number.</summary>
    public static bool TryInteger(DocValue value, out System.Numerics.BigInteger integer)
    {
        integer = default;
        if (value.Kind != DocKind.Number || !DocNumber.TryRead(value, out var number) || number.Integer is not { } known) return false;
        integer = known;
        return true;
    }

    public static bool IsString(DocValue value) => value.Kind == DocKind.String;

    public static bool IsInt(DocValue value) => TryInt(value, out _);
}
