using System.Text;

namespace Harmony.Dicom.Network.Pdus;

/// <summary>Who the user of an association is (58H): PS3.7 §D.3.3.7. It holds secrets, which <see cref="ToString"/> does not show.</summary>
/// <param name="Type">What <paramref name="Primary"/> is.</param>
/// <param name="Primary">Name, ticket, assertion or token.</param>
/// <param name="Secondary">The passcode; else empty.</param>
/// <param name="WantsResponse">Whether the acceptance has to say that the identity was accepted.</param>
public sealed record UserIdentity(UserIdentityType Type, ReadOnlyMemory<byte> Primary, ReadOnlyMemory<byte> Secondary = default, bool WantsResponse = false)
{
    /// <summary>The name, if it is one.</summary>
    public string? UserName => Type is UserIdentityType.UserName or UserIdentityType.UserNameAndPasscode ? Encoding.UTF8.GetString(Primary.Span) : null;

    /// <summary>A user's name, or name and passcode.</summary>
    public static UserIdentity Of(string userName, string? passcode = null, bool wantsResponse = false) => passcode is null
        ? new UserIdentity(UserIdentityType.UserName, Encoding.UTF8.GetBytes(userName), default, wantsResponse)
        : new UserIdentity(UserIdentityType.UserNameAndPasscode, Encoding.UTF8.GetBytes(userName), Encoding.UTF8.GetBytes(passcode), wantsResponse);

    /// <summary>The type only.</summary>
    public override string ToString() => $"user identity ({Type})";
}
