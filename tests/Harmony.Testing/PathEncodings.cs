using Harmony.Core.Routing;

namespace Harmony.Testing;

/// <summary>Spellings that made gateways and the servers behind them disagree about a path.</summary>
/// <remarks>Threat: Traefik CVE-2025-66490 (<c>%2F</c>), CVE-2026-40912, -48020 (<c>/api../</c>); Caddy CVE-2026-27587; <c>%5c</c>; <c>..;</c>.</remarks>
public static class PathEncodings
{
    /// <summary>Every spelling, once.</summary>
    public static IReadOnlyList<PathEncoding> All { get; } =
    [
        // Canonical as sent.
        Becomes("/", "/"),
        Becomes("/api/users", "/api/users"),
        Becomes("/api/users/", "/api/users/"),
        Becomes("/.well-known/smart-configuration", "/.well-known/smart-configuration"),
        Becomes("/a/.hidden/..b/c..", "/a/.hidden/..b/c.."),
        Becomes("/api../users", "/api../users"),
        Becomes("/a/.../b", "/a/.../b"),
        Becomes("/Patient/$everything", "/Patient/$everything"),
        Becomes("/studies/1.2.840.113619/series", "/studies/1.2.840.113619/series"),
        Becomes("/a;v=1/b;x=2;y", "/a;v=1/b;x=2;y"),
        Becomes("/admin;a=1/users", "/admin;a=1/users"),
        Becomes("/admin%3Ba/users", "/admin%3Ba/users"),
        Becomes("/;a/admin/users", "/;a/admin/users"),
        Becomes("/api;v=1/users", "/api;v=1/users"),
        Becomes("/api/users;v=1", "/api/users;v=1"),
        Becomes("/a:b@c,d=e+f&g!h'(i)*~_-", "/a:b@c,d=e+f&g!h'(i)*~_-"),
        Becomes("/caf%C3%A9", "/caf%C3%A9"),
        Becomes("/a%20b", "/a%20b"),
        Becomes("/100%25", "/100%25"),
        Becomes("/a%3Fb%23c", "/a%3Fb%23c"),
        Becomes("/%2520", "/%2520"),
        Becomes("/glucose-5%2510ml", "/glucose-5%2510ml"),
        Becomes("/a%EF%BC%8Fb", "/a%EF%BC%8Fb"), // full-width solidus: no slash to anybody who reads UTF-8

        // One spelling for each character.
        Becomes("/%61pi", "/api"),
        Becomes("/%41%50%49", "/API"),
        Becomes("/api%2Eusers%2d1%5f%7E", "/api.users-1_~"),
        Becomes("/caf%c3%a9", "/caf%C3%A9"),
        Becomes("/caf\u00E9", "/caf%C3%A9"),
        Becomes("/\U0001FA7B", "/%F0%9F%A9%BB"),
        Becomes("/a%3ab%40c", "/a%3Ab%40c"),
        Becomes("/%24everything", "/%24everything"),
        Becomes("/a b", "/a%20b"),
        Becomes("/\"<>^`{|}[]", "/%22%3C%3E%5E%60%7B%7C%7D%5B%5D"),

        // Slashes and dot segments.
        Becomes("//", "/"),
        Becomes("//admin", "/admin"),
        Becomes("//evil.example/admin", "/evil.example/admin"),
        Becomes("/api//users///1", "/api/users/1"),
        Becomes("/api/./users", "/api/users"),
        Becomes("/api/users/.", "/api/users/"),
        Becomes("/api/../admin", "/admin"),
        Becomes("/api/users/..", "/api/"),
        Becomes("/api//../admin", "/admin"),
        Becomes("/api/%2e/users", "/api/users"),
        Becomes("/api/%2e%2e/admin", "/admin"),
        Becomes("/api/.%2e/admin", "/admin"),
        Becomes("/api/%2E./admin", "/admin"),
        Becomes("/api/x/../../admin/", "/admin/"),
        Becomes("/a/..", "/"),
        Becomes("/a/%2e%2e?q=1", "/"),

        // Above the root.
        Refused("/.."),
        Refused("/../etc/passwd"),
        Refused("/%2e%2e/etc/passwd"),
        Refused("/a/../../etc/passwd"),
        Refused("//../etc"),
        Refused("/./../etc"),

        // Dot segments in disguise.
        Refused("/api/..;/admin"),
        Refused("/api/..;x=1/admin"),
        Refused("/api/.;/admin"),
        Refused("/api/..;"),
        Refused("/api/%2e%2e;/admin"),
        Refused("/api/..%3b/admin"),
        Refused("/api/..%3Bx/admin"),
        Refused("/api/..%20/admin"),
        Refused("/api/..%20%20"),
        Refused("/api/.%20./admin"),
        Refused("/api/%20../admin"),
        Refused("/api/.. /admin"),
        Refused("/api/..%C2%A0/admin"),
        Refused("/api/..%E2%80%8B/admin"),
        Refused("/api/..%09/admin"),
        Refused("/api/..%2fadmin"),
        Refused("/api/..%2f..%2fadmin"),
        Refused("/api/%2e%2e%2fadmin"),
        Refused("/api/x%2F..%2F..%2Fadmin"),
        Refused("/api/..%5cadmin"),
        Refused("/api/..\\admin"),
        Refused("/api\\..\\admin"),

        // Not a path at all.
        Refused("/%"),
        Refused("/a%4"),
        Refused("/a%zz"),
        Refused("/a%+1"),
        Refused("/a% 1"),
        Refused("/%%32%65"),
        Refused("/%u002e%u002e/"),
        Refused("/a%00"),
        Refused("/a%00.json"),
        Refused("/a%0d%0aX: y"),
        Refused("/a%01"),
        Refused("/a%1f"),
        Refused("/a%7f"),
        Refused("/a%C2%85"),
        Refused("/a\0b"),
        Refused("/a\tb"),
        Refused("/a\u007Fb"),
        Refused("/a#b"),
        Refused("/a?b#c"),
        Refused("/a?b c"),
        Refused("/%c0%ae%c0%ae/"),
        Refused("/..%c0%af"),
        Refused("/%e0%80%ae"),
        Refused("/%80"),
        Refused("/a%c3"),
        Refused("/a%c3b"),
        Refused("/%ed%a0%80"),
        Refused("/%f5%80%80%80"),
        Refused("/%c3\u00A9"),

        // An endpoint may have its reasons.
        UnlessAllowed("/api%2fadmin", "/api%2Fadmin", PathOddities.EncodedSlash),
        UnlessAllowed("/studies%2F1.2.3", "/studies%2F1.2.3", PathOddities.EncodedSlash),
        UnlessAllowed("/%2fadmin", "/%2Fadmin", PathOddities.EncodedSlash),
        UnlessAllowed("/a%2fb/../c", "/c", PathOddities.EncodedSlash),
        UnlessAllowed("/api%5cadmin", "/api%5Cadmin", PathOddities.EncodedBackslash),
        UnlessAllowed("/api\\admin", "/api%5Cadmin", PathOddities.EncodedBackslash),
        UnlessAllowed("/\\evil.example", "/%5Cevil.example", PathOddities.EncodedBackslash),
        UnlessAllowed("/a%2f%5cb", "/a%2F%5Cb", PathOddities.EncodedSlash | PathOddities.EncodedBackslash),
        UnlessAllowed("/%252e%252e%252fadmin", "/%252e%252e%252fadmin", PathOddities.DoubleEncoding),
        UnlessAllowed("/api%252Fadmin", "/api%252Fadmin", PathOddities.DoubleEncoding),
        UnlessAllowed("/api%255cadmin", "/api%255cadmin", PathOddities.DoubleEncoding),
        UnlessAllowed("/%25252e", "/%25252e", PathOddities.DoubleEncoding),
        UnlessAllowed("/%25%32%65", "/%252e", PathOddities.DoubleEncoding),
        UnlessAllowed("/a%2500", "/a%2500", PathOddities.DoubleEncoding),
        UnlessAllowed("/..%253b", "/..%253b", PathOddities.DoubleEncoding),
        UnlessAllowed("/%25c0%25ae", "/%25c0%25ae", PathOddities.DoubleEncoding),
    ];

    private static PathEncoding Becomes(string raw, string canonical) => new(raw, canonical, PathOddities.None);

    private static PathEncoding Refused(string raw) => new(raw, null, PathOddities.None);

    private static PathEncoding UnlessAllowed(string raw, string canonical, PathOddities oddities) => new(raw, canonical, oddities);
}
