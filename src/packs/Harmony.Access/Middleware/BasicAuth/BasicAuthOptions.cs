using Harmony.Core.Configuration;

namespace Harmony.Access.Middleware.BasicAuth;

/// <summary>The options of a <c>basic_auth</c> middleware. They may stand in an <c>[authentications.NAME]</c> of method basic or bearer that it refers to.</summary>
public sealed record BasicAuthOptions : ConfigNode
{
    /// <summary>User name.</summary>
    public string? Username { get; init; }

    /// <summary>Password of that user.</summary>
    [Secret]
    public string? Password { get; init; }

    /// <summary>Hash of the password instead of the password, as <c>harmony hash-password</c> prints it.</summary>
    [Secret]
    public string? PasswordHash { get; init; }

    /// <summary>File with one line <c>user:password</c>, instead of <c>username</c> and <c>password</c>.</summary>
    [NotEmpty]
    public string? CredentialsPath { get; init; }

    /// <summary>File with a line <c>user:hash</c> for each user; hashes as <c>harmony hash-password</c> prints them.</summary>
    [NotEmpty]
    public string? UsersFile { get; init; }

    /// <summary>Token that is accepted too, as <c>Authorization: Bearer</c>.</summary>
    [Secret]
    public string? Token { get; init; }

    /// <summary>File with that token.</summary>
    [NotEmpty]
    public string? TokenPath { get; init; }

    /// <summary>What a client is told to authenticate for; harmony when absent.</summary>
    [NotEmpty]
    public string? Realm { get; init; }

    /// <summary>Lets requests without such credentials go on to the next step, which must be an authentication that is not optional.</summary>
    public bool Optional { get; init; }

    /// <summary>Whether backends get to see the credentials.</summary>
    public bool ForwardCredentials { get; init; }
}
