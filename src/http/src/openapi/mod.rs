//! The interface as an OpenAPI document, made of the routes' table and of the wire types.

mod doc;

use utoipa::openapi::path::{HttpMethod, OperationBuilder};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    Components, ComponentsBuilder, Content, Info, OpenApi, OpenApiBuilder, Paths, Ref,
    ResponseBuilder,
};
use utoipa::{PartialSchema, ToSchema};

pub(crate) use doc::Doc;
use doc::add_component;

use crate::access::Right;
use crate::routes::Entry;
use crate::wire;

/// What the document says of the interface as a whole.
const ABOUT: &str = "Search photos by what they show. Answers may gain fields; unknown fields and \
                     parameters of requests are refused by name. Who may ask what: docs/SECURITY.md.";

/// The name of the token among the ways to say who one is.
const TOKEN: &str = "token";

/// Everything in a table of routes.
pub(crate) fn document(entries: &[Entry]) -> OpenApi {
    let mut paths = Paths::new();
    let mut components = Components::new();
    add_component::<wire::ErrorBody>(&mut components);
    for entry in entries {
        let Some(method) = method(&entry.method) else { continue };
        let operation = entry.doc.operation().security_of(entry.right);
        paths.add_path_operation(entry.path, vec![method], operation.build());
        components.schemas.extend(entry.doc.schemas());
    }
    let token = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("The token that seer serve was given, or printed at its start."));
    let components = ComponentsBuilder::from(components)
        .security_scheme(TOKEN, SecurityScheme::Http(token.build()))
        .build();
    let info = Info::new("seer", env!("CARGO_PKG_VERSION"));
    let info = utoipa::openapi::InfoBuilder::from(info).description(Some(ABOUT)).build();
    OpenApiBuilder::new().info(info).paths(paths).components(Some(components)).build()
}

fn method(method: &actix_web::http::Method) -> Option<HttpMethod> {
    Some(match method.as_str() {
        "GET" => HttpMethod::Get,
        "POST" => HttpMethod::Post,
        "DELETE" => HttpMethod::Delete,
        "PUT" => HttpMethod::Put,
        _ => return None,
    })
}

trait SecurityOf {
    /// Says who may ask, and what a refusal looks like.
    fn security_of(self, right: Right) -> Self;
}

impl SecurityOf for OperationBuilder {
    fn security_of(self, right: Right) -> Self {
        let nobody = SecurityRequirement::default();
        let token = SecurityRequirement::new(TOKEN, Vec::<String>::new());
        let required = match right {
            Right::Public => vec![],
            // On a loopback address the server's own user needs none.
            Right::Within | Right::Look => vec![nobody, token],
            Right::Index | Right::Administer => vec![token],
        };
        let error = Ref::from_schema_name(wire::ErrorBody::name());
        let refusal = ResponseBuilder::new()
            .description("Why not: error.code is for programs, error.message for people.")
            .content("application/json", Content::new(Some(error)));
        self.securities(Some(required)).response("default", refusal.build())
    }
}

/// The codes of errors, as a schema.
pub(crate) fn error_codes() -> utoipa::openapi::Object {
    let lines = crate::ERROR_CODES.iter().map(|row| format!("- `{}`: {}", row.code, row.meaning));
    let about = ["For programs; does not change.".to_owned()].into_iter().chain(lines);
    utoipa::openapi::ObjectBuilder::new()
        .schema_type(utoipa::openapi::schema::Type::String)
        .description(Some(about.collect::<Vec<_>>().join("\n")))
        .enum_values(Some(crate::ERROR_CODES.iter().map(|row| row.code)))
        .build()
}

/// A schema that stands where it is used.
pub(crate) fn inline<T: PartialSchema>() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
    T::schema()
}
